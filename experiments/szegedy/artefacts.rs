//! The paper, and what of it is reproduced.

use lab::{Artefact, Figure, Paper, Teaser};

/// Szegedy et al. 2013.
pub const PAPER: Paper = Paper {
    name: "szegedy",
    citation: "Szegedy et al. 2013, Intriguing properties of neural networks",
    url: "https://arxiv.org/abs/1312.6199",
    caveat: "Its nets on MNIST were trained anew; its AlexNet and QuocNet were not published.",
    teaser: Teaser {
        artefact: "fig5",
        figure: Figure {
            file: "squeezenet1_0.png",
            alt: "an eft, a lorikeet and a crab, faint colored noise, and the same animals, read as ostriches",
        },
        parts: &[&[[0, 234, 612, 702]]],
    },
    artefacts: &[
        Artefact {
            name: "fig5",
            title: "Figure 5",
            shows: "Photographs changed so little that nobody sees it, and read as ostriches",
            figures: &[Figure {
                file: "squeezenet1_0.png",
                alt: "photographs, gray pictures with faint colored noise, and the photographs again, now read as ostriches",
            }],
        },
        Artefact {
            name: "table1",
            title: "Table 1",
            shows: "Six nets: their errors, and the smallest distortion that makes them misread a digit",
            figures: &[],
        },
        Artefact {
            name: "table2",
            title: "Table 2",
            shows: "Images distorted for one net, shown to the five others: how many each misreads",
            figures: &[],
        },
        Artefact {
            name: "table3",
            title: "Table 3",
            shows: "Three nets trained on two halves of the data",
            figures: &[],
        },
        Artefact {
            name: "table4",
            title: "Table 4",
            shows: "Images distorted for nets of one half of the data, shown to nets of the other",
            figures: &[],
        },
        Artefact {
            name: "table5",
            title: "Table 5",
            shows: "How far each layer, and the net, can stretch a change of the image",
            figures: &[Figure {
                file: "norms",
                alt: "the operator norm of each layer with wide filters, at its upper bound, and far below it the norm of its reshaped filters",
            }],
        },
        Artefact {
            name: "fig1",
            title: "Figures 1 and 2",
            shows: "Digits that stimulate units most, beside those that stimulate random directions",
            figures: &[Figure {
                file: "FC100-100-10-hidden_1.png",
                alt: "rows of digits for units and for random directions of a hidden layer; both sides show rows of like digits",
            }],
        },
        Artefact {
            name: "fig3",
            title: "Figures 3 and 4",
            shows: "The same with photographs and SqueezeNet",
            figures: &[Figure {
                file: "SqueezeNet_v1_1-fire9.png",
                alt: "rows of photographs for units and for random directions of fire9; some rows on the right show animals only",
            }],
        },
        Artefact {
            name: "fig6",
            title: "Figure 6",
            shows: "A small QuocNet trained without labels, a car classifier on its features, and images distorted until it is wrong",
            figures: &[
                Figure {
                    file: "adversarial.png",
                    alt: "photographs recognized as cars, the same distorted and no longer recognized, and the magnified differences; then the reverse",
                },
                Figure {
                    file: "filters.png",
                    alt: "random filters like noise beside learned ones like edges and blobs of color",
                },
            ],
        },
        Artefact {
            name: "fig7",
            title: "Figure 7",
            shows: "The distorted digits themselves",
            figures: &[
                Figure { file: "a.png", alt: "digits distorted for the linear net, all still legible" },
                Figure { file: "b.png", alt: "digits distorted for the deep net, all still legible" },
                Figure { file: "c.png", alt: "digits under Gaussian noise, hardly legible" },
            ],
        },
        Artefact {
            name: "fig7-lenet",
            title: "Figure 7, with a LeNet",
            shows: "The same with a convolutional net",
            figures: &[Figure { file: "a.png", alt: "digits distorted for LeNet, all still legible" }],
        },
        Artefact {
            name: "adversarial-training",
            title: "Adversarial training (§4.2)",
            shows: "Whether pools of adversarial examples for every layer's output lower the error of FC100-100-10",
            figures: &[],
        },
    ],
};
