# Most recipes are one cargo command; `just --list` shows them all.
# A reproduction takes --smoke (seconds) or --full (as in the paper), --seed N, --data DIR, --limit N, --threads N.

# Szegedy et al. 2013, Table 1: errors and minimum distortions of six nets
reproduce-table1 *ARGS:
    cargo reproduce szegedy/table1 {{ARGS}}

# Szegedy et al. 2013, Table 2: transfer of adversarial examples between nets
reproduce-table2 *ARGS:
    cargo reproduce szegedy/table2 {{ARGS}}

# Szegedy et al. 2013, Table 3: nets trained on two halves of the data
reproduce-table3 *ARGS:
    cargo reproduce szegedy/table3 {{ARGS}}

# Szegedy et al. 2013, Table 4: transfer of adversarial examples between training sets
reproduce-table4 *ARGS:
    cargo reproduce szegedy/table4 {{ARGS}}

# Szegedy et al. 2013, Table 5: operator norms of layers and Lipschitz bounds of nets
reproduce-table5 *ARGS:
    cargo reproduce szegedy/table5 {{ARGS}}

# Szegedy et al. 2013, Figures 1 and 2: digits that stimulate units and random directions
reproduce-fig1 *ARGS:
    cargo reproduce szegedy/fig1 {{ARGS}}

# Szegedy et al. 2013, Figures 3 and 4: photographs that stimulate units and random directions
reproduce-fig3 *ARGS:
    cargo reproduce szegedy/fig3 {{ARGS}}

# Szegedy et al. 2013, Figure 5: photographs that are classified as ostriches
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

# Szegedy et al. 2013, §4.2: training on adversarial examples for every layer's output
reproduce-adversarial-training *ARGS:
    cargo reproduce szegedy/adversarial-training {{ARGS}}

# Zeiler & Fergus 2013, Figure 2: the strongest activations of feature maps, as patches and as projections
reproduce-zf-fig2 *ARGS:
    cargo reproduce zeiler_fergus/fig2 {{ARGS}}

# Zeiler & Fergus 2013, Figure 4: evolution of features during training
reproduce-zf-fig4 *ARGS:
    cargo reproduce zeiler_fergus/fig4 {{ARGS}}

# Zeiler & Fergus 2013, Figure 5: invariance of features under translation, scale and rotation
reproduce-zf-fig5 *ARGS:
    cargo reproduce zeiler_fergus/fig5 {{ARGS}}

# Zeiler & Fergus 2013, Figure 6: the first layers of AlexNet and of the paper's net
reproduce-zf-fig6 *ARGS:
    cargo reproduce zeiler_fergus/fig6 {{ARGS}}

# Zeiler & Fergus 2013, Figure 7: occlusion maps
reproduce-zf-fig7 *ARGS:
    cargo reproduce zeiler_fergus/fig7 {{ARGS}}

# Zeiler & Fergus 2013, Table 1: correspondence between parts of dogs
reproduce-zf-table1 *ARGS:
    cargo reproduce zeiler_fergus/table1 {{ARGS}}

# Zeiler & Fergus 2013, Table 2: AlexNet, the paper's net and a wider version, alone and as ensembles
reproduce-zf-table2 *ARGS:
    cargo reproduce zeiler_fergus/table2 {{ARGS}}

# Zeiler & Fergus 2013, Table 3: nets of other widths or without some layers
reproduce-zf-table3 *ARGS:
    cargo reproduce zeiler_fergus/table3 {{ARGS}}

# Zeiler & Fergus 2013, Table 4: transfer of ImageNet features to Caltech-101
reproduce-zf-table4 *ARGS:
    cargo reproduce zeiler_fergus/table4 {{ARGS}}

# Zeiler & Fergus 2013, Table 5: transfer to Caltech-256, or to Caltech-101 with the same numbers of images
reproduce-zf-table5 *ARGS:
    cargo reproduce zeiler_fergus/table5 {{ARGS}}

# Zeiler & Fergus 2013, Table 6: transfer to PASCAL VOC
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

# Redraw every plot from the numbers in results/
plots *ARGS:
    cargo launch -p experiments --bin plots -- {{ARGS}}

# Both reproductions on one page: results/index.html
report *ARGS:
    cargo launch -p experiments --bin report -- {{ARGS}}

# The explorer's example in results/explorer: 24 images and 9 units of each layer of SqueezeNet v1.1
explorer-example:
    rm -rf results/explorer
    cargo launch -p cli -- report "${GLASSBOX_DATA:-data}/squeezenet/squeezenet1_1.safetensors" "${GLASSBOX_DATA:-data}/imagenet-sample/images.tar" -o results/explorer --labels "${GLASSBOX_DATA:-data}/imagenet-sample/labels.csv" --arch squeezenet1_1 --size 227 --scale 1 --bgr --mean 103.939,116.779,123.68 --crop 227 --limit 24 --units 9

# Update the tables in README.md and results/README.md
readme:
    cargo launch -p experiments --bin readme

# Read 10,000 damaged files of every format
stress-mutations *ARGS:
    cargo launch -p stress --bin stress-mutations -- {{ARGS}}

# Compare the bytes of every experiment on 1, 2 and 4 threads, in batches of 1 and 256, in a development and a release build
stress-digests *ARGS:
    cargo build --workspace --bins
    cargo build --workspace --bins --release
    cargo launch -p stress --bin stress-digests -- --also target/release {{ARGS}}

# Count the mutants that tests miss, of every eighth of lbfgsb and every fortieth of tensor; takes an hour and cargo-mutants
stress-mutants *ARGS:
    cargo launch -p stress --bin stress-mutants -- lbfgsb=8 tensor=40 {{ARGS}}

# Measure the line coverage of the numeric crates; needs cargo-llvm-cov
stress-coverage *ARGS:
    cargo llvm-cov --lcov --output-path target/coverage.lcov -p tensor -p lbfgsb -p statistics -p core-net -p training -p adversarial -p correspondence -p deconv -p occlusion -p unit-analysis
    cargo launch -p stress --bin stress-coverage -- target/coverage.lcov {{ARGS}}

# Copy the counts of checks/stress/results/ into CONTRIBUTING.md
stress-table *ARGS:
    cargo launch -p stress --bin stress-table -- {{ARGS}}

# All tests, the slow ones too
test:
    cargo test --workspace -- --include-ignored

# Kill training, a table, attack, top and occlude at 100 random moments, and compare their output
stress-kills *ARGS:
    cargo build --workspace --bins
    cargo launch -p stress --bin stress-kills -- {{ARGS}}

# Measure speed beside SciPy and PyTorch
bench:
    bench/run.sh

# Everything that must pass before a merge
ci:
    .ci/run
