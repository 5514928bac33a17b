//! The paper, and what of it is reproduced.

use lab::{Artefact, Figure, Paper, Teaser};

/// Zeiler & Fergus 2013.
pub const PAPER: Paper = Paper {
    name: "zeiler_fergus",
    citation: "Zeiler & Fergus 2013, Visualizing and Understanding Convolutional Networks",
    url: "https://arxiv.org/abs/1311.2901",
    caveat: "Its nets were not published and most of its data is not at hand: other nets and smaller collections stand in their place, \
             so most cells differ, in either direction.",
    teaser: Teaser {
        artefact: "fig2",
        figure: Figure {
            file: "fire6.png",
            alt: "patches of letters and curves, and what in them excites a map; the same of spots and meshes for another map",
        },
        parts: &[
            &[[302, 302, 290, 290], [1208, 302, 290, 290]],
            &[[598, 598, 290, 290], [1504, 598, 290, 290]],
        ],
    },
    artefacts: &[
        Artefact {
            name: "fig2",
            title: "Figure 2",
            shows: "What excites the feature maps of SqueezeNet: the nine strongest patches of each map, and beside them what in them excites it",
            figures: &[
                Figure {
                    file: "conv1.png",
                    alt: "conv1: patches of edges and plain colors, and the filters themselves",
                },
                Figure {
                    file: "fire2.png",
                    alt: "fire2: patches of corners, gratings and color borders beside their projections",
                },
                Figure { file: "fire4.png", alt: "fire4: patches of textures beside their projections" },
                Figure {
                    file: "fire6.png",
                    alt: "fire6: patches of letters, spots and grids beside their projections",
                },
                Figure {
                    file: "fire9.png",
                    alt: "fire9: patches of objects beside their projections, of which some show strings, spokes and rings",
                },
            ],
        },
        Artefact {
            name: "fig4",
            title: "Figure 4",
            shows: "How features come about in training: what excites maps most, epoch after epoch",
            figures: &[
                Figure {
                    file: "evolution.png",
                    alt: "for each layer six rows of projections, a column for each of seven epochs; noise becomes edges, lines and outlines",
                },
                Figure {
                    file: "convergence",
                    alt: "five curves that rise to one, the first layer's highest",
                },
            ],
        },
        Artefact {
            name: "fig5",
            title: "Figure 5",
            shows: "How far features move when an image is translated, scaled and rotated",
            figures: &[
                Figure {
                    file: "squeezenet1_0-images.png",
                    alt: "five pictures translated, scaled and rotated",
                },
                Figure {
                    file: "squeezenet1_0",
                    alt: "distances of features at three layers and the probability of the true class against translation, scale and rotation",
                },
            ],
        },
        Artefact {
            name: "fig6",
            title: "Figure 6",
            shows: "The first layers of AlexNet and of the paper's net: their frequencies, aliasing, dead and dominating maps",
            figures: &[
                Figure {
                    file: "layer1.png",
                    alt: "first-layer filters of AlexNet on the left and of the paper's net on the right, each on its own scale",
                },
                Figure {
                    file: "layer1-common-scale.png",
                    alt: "the same filters on one scale: some dominate",
                },
                Figure { file: "layer2.png", alt: "second-layer projections of both nets" },
            ],
        },
        Artefact {
            name: "fig7",
            title: "Figure 7",
            shows: "What SqueezeNet looks at: what is left when a gray square hides a part of the image",
            figures: &[Figure {
                file: "squeezenet1_1.png",
                alt: "eight rows of a photograph, a map of activity, four projections, a map of the class's probability and a map of classes",
            }],
        },
        Artefact {
            name: "table1",
            title: "Table 1",
            shows: "Whether hiding eyes and noses of dogs changes features more alike than hiding random parts",
            figures: &[Figure {
                file: "squeezenet1_0",
                alt: "mean sign distances at every layer for eyes, nose and random parts under both conventions, and the p-values",
            }],
        },
        Artefact {
            name: "table2",
            title: "Table 2",
            shows: "AlexNet, the paper's net and its wider sister, trained on small images, alone and together",
            figures: &[Figure {
                file: "learning-1",
                alt: "errors in training and in validation, epoch by epoch",
            }],
        },
        Artefact {
            name: "table3",
            title: "Table 3",
            shows: "What each layer of these nets is worth",
            figures: &[
                Figure {
                    file: "learning-1",
                    alt: "errors of AlexNet, the paper's net and AlexNet with layers missing, in training and in validation, epoch by epoch; those without dense layers fall fastest",
                },
                Figure {
                    file: "learning-2",
                    alt: "errors of the nets with other widths in training and in validation, epoch by epoch; wider ones fall faster",
                },
            ],
        },
        Artefact {
            name: "table4",
            title: "Table 4",
            shows: "Caltech-101 read from the features of a net trained on ImageNet",
            figures: &[],
        },
        Artefact {
            name: "table5",
            title: "Table 5",
            shows: "The same with Caltech-256 where it is at hand, and Caltech-101 at the same sizes",
            figures: &[],
        },
        Artefact {
            name: "table6",
            title: "Table 6",
            shows: "Which objects images of PASCAL VOC show, read from the same features",
            figures: &[],
        },
        Artefact {
            name: "table7",
            title: "Table 7",
            shows: "What a linear classifier reads from each layer",
            figures: &[],
        },
        Artefact {
            name: "fig9",
            title: "Figure 9",
            shows: "Accuracy against the number of training images of each class",
            figures: &[Figure {
                file: "accuracy",
                alt: "accuracy on Caltech-101 against the number of training images of each class, beside the best method before",
            }],
        },
    ],
};
