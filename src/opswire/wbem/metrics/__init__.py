"""Instances of CIM classes as metrics, in the text format of Prometheus.

``families`` makes metrics of instances, ``exporter`` asks servers for them.
"""
