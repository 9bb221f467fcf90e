"""What the environment says: proxies, certificates, quoted values, text files and encodings."""
