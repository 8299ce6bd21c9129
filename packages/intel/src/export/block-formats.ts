/** The syntaxes in which a block list can be had: a name for each, of the tool that reads it. */
export const BLOCK_FORMATS = [
  "rpz",
  "hosts",
  "suricata",
  "suricata-datasets",
  "zeek",
  "nftables",
  "squid",
  "yara",
  "sigma",
  "csv",
  "jsonl",
  "stix",
  "misp",
] as const;

export type BlockFormat = (typeof BLOCK_FORMATS)[number];
