"""The life cycle of a machine-learning project, without a user interface.

Read it in the order of the phases: ``scoping``, ``data``, ``modelling``, ``deployment``, ``monitoring``, ``iteration``
hold values and rules; ``statistics``, ``frames``, ``metrics`` and ``drift`` are what they measure with; ``workspace``
is the only door to ``storage``; ``jobs``, ``service`` and ``scorer`` are the processes around it.
"""
