"""Files of requests: rules, names, types, keys and parts."""
