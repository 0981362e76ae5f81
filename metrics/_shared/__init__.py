"""Parts several metrics share: nearest neighbours, clusters, ROC area, preconditions."""
