"""Choose settings of methods by hidden edges, on equal budgets."""
