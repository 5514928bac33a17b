# Every recipe is one command of cargo's; `just --list` shows them.
# A reproduction takes --smoke (seconds) or --full (as the paper did), --seed N, --data DIR, --limit N, --threads N.

# Szegedy et al. 2013, Table 1: errors and smallest distortions of six nets
reproduce-table1 *ARGS:
    cargo reproduce szegedy/table1 {{ARGS}}

# Szegedy et al. 2013, Table 2: one net's adversarial examples shown to the others
reproduce-table2 *ARGS:
    cargo reproduce szegedy/table2 {{ARGS}}

# Szegedy et al. 2013, Table 3: nets trained on two halves of the data
reproduce-table3 *ARGS:
    cargo reproduce szegedy/table3 {{ARGS}}

# Szegedy et al. 2013, Table 4: adversarial examples across training sets
reproduce-table4 *ARGS:
    cargo reproduce szegedy/table4 {{ARGS}}

# Szegedy et al. 2013, Table 5: how far layers and nets can stretch a change of the image
reproduce-table5 *ARGS:
    cargo reproduce szegedy/table5 {{ARGS}}

# Szegedy et al. 2013, Figures 1 and 2: digits that stimulate units and random directions
reproduce-fig1 *ARGS:
    cargo reproduce szegedy/fig1 {{ARGS}}

# Szegedy et al. 2013, Figures 3 and 4: photographs that stimulate units and random directions
reproduce-fig3 *ARGS:
    cargo reproduce szegedy/fig3 {{ARGS}}

# Szegedy et al. 2013, Figure 5: photographs that are read as ostriches
reproduce-fig5 *ARGS:
    cargo reproduce szegedy/fig5 {{ARGS}}

# Szegedy et al. 2013, Figure 6: adversarial examples for QuocNet at reduced size, trained without labels
reproduce-fig6 *ARGS:
    cargo reproduce szegedy/fig6 {{ARGS}}

# Szegedy et al. 2013, Figure 7: distorted digits
reproduce-fig7 *ARGS:
    cargo reproduce szegedy/fig7 {{ARGS}}

# The same with a convolutional net
reproduce-fig7-lenet *ARGS:
    cargo reproduce szegedy/fig7-lenet {{ARGS}}

# Szegedy et al. 2013, §4.2: training beside adversarial examples for every layer's output
reproduce-adversarial-training *ARGS:
    cargo reproduce szegedy/adversarial-training {{ARGS}}

# Zeiler & Fergus 2013, Figure 2: what excites feature maps, as patches and as projections
reproduce-zf-fig2 *ARGS:
    cargo reproduce zeiler_fergus/fig2 {{ARGS}}

# Zeiler & Fergus 2013, Figure 4: how features come about in training
reproduce-zf-fig4 *ARGS:
    cargo reproduce zeiler_fergus/fig4 {{ARGS}}

# Zeiler & Fergus 2013, Figure 5: how far features move when an image is moved, enlarged or turned
reproduce-zf-fig5 *ARGS:
    cargo reproduce zeiler_fergus/fig5 {{ARGS}}

# Zeiler & Fergus 2013, Figure 6: the first layers of AlexNet and of the paper's net
reproduce-zf-fig6 *ARGS:
    cargo reproduce zeiler_fergus/fig6 {{ARGS}}

# Zeiler & Fergus 2013, Figure 7: what the net looks at, by occlusion
reproduce-zf-fig7 *ARGS:
    cargo reproduce zeiler_fergus/fig7 {{ARGS}}

# Zeiler & Fergus 2013, Table 1: whether features establish correspondence between parts of dogs
reproduce-zf-table1 *ARGS:
    cargo reproduce zeiler_fergus/table1 {{ARGS}}

# Zeiler & Fergus 2013, Table 2: AlexNet, the paper's net and its wider sister, alone and together
reproduce-zf-table2 *ARGS:
    cargo reproduce zeiler_fergus/table2 {{ARGS}}

# Zeiler & Fergus 2013, Table 3: nets of other widths or without some layers
reproduce-zf-table3 *ARGS:
    cargo reproduce zeiler_fergus/table3 {{ARGS}}

# Zeiler & Fergus 2013, Table 4: Caltech-101 read from the features of a net trained on ImageNet
reproduce-zf-table4 *ARGS:
    cargo reproduce zeiler_fergus/table4 {{ARGS}}

# Zeiler & Fergus 2013, Table 5: Caltech-256, and Caltech-101 at the same sizes
reproduce-zf-table5 *ARGS:
    cargo reproduce zeiler_fergus/table5 {{ARGS}}

# Zeiler & Fergus 2013, Table 6: which objects images of PASCAL VOC show
reproduce-zf-table6 *ARGS:
    cargo reproduce zeiler_fergus/table6 {{ARGS}}

# Zeiler & Fergus 2013, Table 7: a linear classifier on the features of each layer
reproduce-zf-table7 *ARGS:
    cargo reproduce zeiler_fergus/table7 {{ARGS}}

# Zeiler & Fergus 2013, Figure 9: accuracy against the number of training images
reproduce-zf-fig9 *ARGS:
    cargo reproduce zeiler_fergus/fig9 {{ARGS}}

# All of the above
reproduce-all *ARGS: (reproduce-table1 ARGS) (reproduce-table2 ARGS) (reproduce-table3 ARGS) (reproduce-table4 ARGS) (reproduce-table5 ARGS) (reproduce-fig1 ARGS) (reproduce-fig3 ARGS) (reproduce-fig5 ARGS) (reproduce-fig6 ARGS) (reproduce-fig7 ARGS) (reproduce-fig7-lenet ARGS) (reproduce-adversarial-training ARGS) (reproduce-zf-fig2 ARGS) (reproduce-zf-fig4 ARGS) (reproduce-zf-fig5 ARGS) (reproduce-zf-fig6 ARGS) (reproduce-zf-fig7 ARGS) (reproduce-zf-table1 ARGS) (reproduce-zf-table2 ARGS) (reproduce-zf-table3 ARGS) (reproduce-zf-table4 ARGS) (reproduce-zf-table5 ARGS) (reproduce-zf-table6 ARGS) (reproduce-zf-table7 ARGS) (reproduce-zf-fig9 ARGS)

# Draw every plot again from the numbers in results/, without computing them anew
plots *ARGS:
    cargo launch -p experiments --bin plots -- {{ARGS}}

# Both reproductions on one page: results/index.html
report *ARGS:
    cargo launch -p experiments --bin report -- {{ARGS}}

# The explorer's example in results/explorer: 24 images and 9 units of each layer of SqueezeNet v1.1
explorer-example:
    rm -rf results/explorer
    cargo launch -p cli -- report "${GLASSBOX_DATA:-data}/squeezenet/squeezenet1_1.safetensors" "${GLASSBOX_DATA:-data}/imagenet-sample/images.tar" -o results/explorer --labels "${GLASSBOX_DATA:-data}/imagenet-sample/labels.csv" --arch squeezenet1_1 --size 227 --scale 1 --bgr --mean 103.939,116.779,123.68 --crop 227 --limit 24 --units 9

# Renew the tables in README.md from results/
readme:
    cargo launch -p experiments --bin readme

# 10,000 damaged files for every reader: checks/stress/results/mutations.csv
stress-mutations *ARGS:
    cargo launch -p stress --bin stress-mutations -- {{ARGS}}

# Every experiment at smoke size on 1, 2 and 4 threads, in batches of 1 and 256, built for debugging and for release: do all leave the same bytes?
stress-digests *ARGS:
    cargo build --workspace --bins
    cargo build --workspace --bins --release
    cargo launch -p stress --bin stress-digests -- --also target/release {{ARGS}}

# Every eighth small change of the code of lbfgsb and every fortieth of tensor: do the tests notice? It takes an hour and cargo-mutants
stress-mutants *ARGS:
    cargo launch -p stress --bin stress-mutants -- lbfgsb=8 tensor=40 {{ARGS}}

# Which lines of the numeric crates tests run; it takes cargo-llvm-cov
stress-coverage *ARGS:
    cargo llvm-cov --lcov --output-path target/coverage.lcov -p tensor -p lbfgsb -p core-net -p adversarial -p correspondence -p deconv -p occlusion -p unit-analysis
    cargo launch -p stress --bin stress-coverage -- target/coverage.lcov {{ARGS}}

# Put the counts of checks/stress/results/ into CONTRIBUTING.md
stress-table *ARGS:
    cargo launch -p stress --bin stress-table -- {{ARGS}}

# All tests
test:
    cargo test --workspace

# Kill training, a table, attack, top and occlude at 100 random moments, and compare what they leave in the end
stress-kills *ARGS:
    cargo build --workspace --bins
    cargo launch -p stress --bin stress-kills -- {{ARGS}}

# Our speed beside SciPy's and PyTorch's
bench:
    bench/run.sh

# What must pass before a change is merged
ci:
    .ci/run
