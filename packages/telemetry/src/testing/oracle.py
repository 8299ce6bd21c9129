"""What stands whole in the fields of a log, judged by Python's own json, csv and ipaddress.

Usage: oracle.py eve|json|zeek-json|csv LOG INDICATORS, the last being JSON: [[kind, value], ...].
Prints a JSON list of [line, field, kind, value].
"""

import csv
import ipaddress
import json
import sys

form, log, indicators = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])


def is_meant(kind, value, text):
    if kind == "domain":
        return text.lower() == value or text.lower().endswith("." + value)
    if kind in ("ipv4", "ipv6", "cidr4", "cidr6"):
        try:
            return ipaddress.ip_address(text) in ipaddress.ip_network(value)
        except ValueError:
            return False
    if kind in ("md5", "sha256"):
        return text.lower() == value
    return False


def leaves(value, path):
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, path + [name])
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, path)
    elif isinstance(value, str):
        yield ".".join(path), value


def fields(file):
    if form == "csv":
        for number, row in enumerate(csv.DictReader(file), 2):
            for name, text in row.items():
                yield number, name, text
    else:
        for number, line in enumerate(file, 1):
            for name, text in leaves(json.loads(line), []):
                yield number, name, text


with open(log, encoding="utf-8", newline="") as file:
    found = [
        [number, name, kind, value]
        for number, name, text in fields(file)
        for kind, value in indicators
        if is_meant(kind, value, text)
    ]
print(json.dumps(found))
