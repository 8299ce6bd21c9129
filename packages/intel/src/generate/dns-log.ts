import { type Plant, Traffic } from "./traffic.ts";
import type { GeneratedLog, Planted, TelemetryOptions } from "./telemetry.ts";

/** Columns of Zeek 6's dns.log. */
const COLUMNS: readonly (readonly [string, string])[] = [
  ["ts", "time"],
  ["uid", "string"],
  ["id.orig_h", "addr"],
  ["id.orig_p", "port"],
  ["id.resp_h", "addr"],
  ["id.resp_p", "port"],
  ["proto", "enum"],
  ["trans_id", "count"],
  ["rtt", "interval"],
  ["query", "string"],
  ["qclass", "count"],
  ["qclass_name", "string"],
  ["qtype", "count"],
  ["qtype_name", "string"],
  ["rcode", "count"],
  ["rcode_name", "string"],
  ["AA", "bool"],
  ["TC", "bool"],
  ["RD", "bool"],
  ["RA", "bool"],
  ["Z", "count"],
  ["answers", "vector[string]"],
  ["TTLs", "vector[interval]"],
  ["rejected", "bool"],
];

interface Lookup {
  readonly query: string;
  readonly answers: readonly string[];
  readonly plants: readonly Plant[];
}

/** A Zeek dns.log: names asked for, their answers, and reverse lookups, with hits in queries and in answers. */
export function generateDnsLog(options: TelemetryOptions): GeneratedLog {
  const traffic = new Traffic("dns.log", options);
  const rows = [
    "#separator \\x09",
    "#set_separator\t,",
    "#empty_field\t(empty)",
    "#unset_field\t-",
    "#path\tdns",
    `#fields\t${COLUMNS.map(([name]) => name).join("\t")}`,
    `#types\t${COLUMNS.map(([, type]) => type).join("\t")}`,
  ];
  const planted: Planted[] = [];
  for (let i = 0; i < options.lines; i++) {
    const lookup = nextLookup(traffic);
    rows.push(formatRow(traffic, lookup));
    for (const plant of lookup.plants) planted.push({ ...plant, line: rows.length, time: traffic.now });
  }
  return { name: "dns.log", text: `${rows.join("\n")}\n`, planted };
}

function nextLookup(traffic: Traffic): Lookup {
  const everyday: Lookup = { query: traffic.site(), answers: [traffic.server()], plants: [] };
  const turn = traffic.nextLine();
  if (turn === "everyday") return everyday;
  if (turn === "near-miss") {
    const domain = traffic.draw("domain");
    const address = traffic.draw("ipv4");
    if (domain !== undefined && traffic.prng.below(2) === 0)
      return { ...everyday, query: traffic.nearName(domain.value) };
    return address === undefined ? everyday : { ...everyday, answers: [traffic.nearAddress(address.value)] };
  }
  return plantedLookup(traffic, everyday);
}

function plantedLookup(traffic: Traffic, everyday: Lookup): Lookup {
  const kind = traffic.prng.pick(["domain", "domain", "domain", "ipv4", "cidr4", "ipv6", "cidr6"] as const);
  const item = traffic.draw(kind);
  if (item === undefined) return everyday;
  const { value } = item;
  const answer = (text: string, isNetwork: boolean): Lookup => ({
    query: everyday.query,
    answers: [traffic.server(), text],
    plants: [{ field: "answers", kind, value, class: isNetwork ? "cidr" : "exact-field" }],
  });
  switch (kind) {
    case "domain": {
      const below = traffic.prng.below(2) === 0;
      const query = traffic.mixedCase(below ? `${traffic.prng.hex(6)}.${value}` : value);
      return {
        ...everyday,
        query,
        plants: [{ field: "query", kind, value, class: below ? "subdomain" : "exact-field" }],
      };
    }
    case "cidr4":
      return answer(traffic.within(value), true);
    case "cidr6":
      return answer(value.replace(/::\/64$/, `::${traffic.prng.hex(3)}`), true);
    default:
      return answer(value, false);
  }
}

function formatRow(traffic: Traffic, { query, answers }: Lookup): string {
  const { prng } = traffic;
  const seconds = `${Math.floor(traffic.now / 1000)}.${String(traffic.now % 1000).padStart(3, "0")}${100 + prng.below(900)}`;
  const type = answers.some((answer) => answer.includes(":")) ? ["28", "AAAA"] : ["1", "A"];
  return [
    seconds,
    `C${prng.token(17)}`,
    traffic.client(),
    String(1024 + prng.below(60000)),
    "10.0.0.53",
    "53",
    "udp",
    String(prng.below(65536)),
    `0.0${10000 + prng.below(89999)}`,
    query,
    "1",
    "C_INTERNET",
    ...type,
    "0",
    "NOERROR",
    "F",
    "F",
    "T",
    "T",
    "0",
    answers.join(","),
    answers.map(() => "300.000000").join(","),
    "F",
  ].join("\t");
}
