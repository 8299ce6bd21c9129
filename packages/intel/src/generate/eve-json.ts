import { type Plant, Traffic } from "./traffic.ts";
import type { GeneratedLog, Planted, TelemetryOptions } from "./telemetry.ts";

interface Event {
  readonly type: "dns" | "http" | "tls" | "fileinfo" | "flow" | "smtp";
  readonly destination: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly plants: readonly Plant[];
}

/** A Suricata eve.json: DNS, HTTP, TLS, files, mail and flows, with hits in each. */
export function generateEveJson(options: TelemetryOptions): GeneratedLog {
  const traffic = new Traffic("eve.json", options);
  const rows: string[] = [];
  const planted: Planted[] = [];
  for (let i = 0; i < options.lines; i++) {
    const event = nextEvent(traffic);
    rows.push(formatRow(traffic, event));
    for (const plant of event.plants) planted.push({ ...plant, line: rows.length, time: traffic.now });
  }
  return { name: "eve.json", text: `${rows.join("\n")}\n`, planted };
}

function nextEvent(traffic: Traffic): Event {
  const turn = traffic.nextLine();
  if (turn === "hit") return plantedEvent(traffic);
  if (turn === "everyday") return everydayEvent(traffic);
  const domain = traffic.draw("domain");
  const hash = traffic.draw("sha256");
  if (domain !== undefined && traffic.prng.below(2) === 0) {
    return dns(traffic, traffic.nearName(domain.value), []);
  }
  return hash === undefined ? everydayEvent(traffic) : file(traffic, { sha256: `${hash.value}00` }, []);
}

function everydayEvent(traffic: Traffic): Event {
  switch (traffic.prng.below(4)) {
    case 0:
      return dns(traffic, traffic.site(), []);
    case 1:
      return http(traffic, traffic.site(), `/${traffic.prng.hex(6)}.png`, []);
    case 2:
      return tls(traffic, traffic.site(), []);
    default:
      return flow(traffic.server(), []);
  }
}

function plantedEvent(traffic: Traffic): Event {
  const { prng } = traffic;
  const kind = prng.pick([
    "domain",
    "domain",
    "ipv4",
    "cidr4",
    "url",
    "url",
    "md5",
    "sha1",
    "sha256",
    "email",
  ] as const);
  const item = traffic.draw(kind);
  if (item === undefined) return everydayEvent(traffic);
  const { value } = item;
  switch (kind) {
    case "domain": {
      if (prng.below(2) === 0) return tls(traffic, value, [{ field: "tls.sni", kind, value, class: "exact-field" }]);
      const name = `${prng.hex(5)}.${value}`;
      return dns(traffic, traffic.mixedCase(name), [{ field: "dns.rrname", kind, value, class: "subdomain" }]);
    }
    case "ipv4":
      return flow(value, [{ field: "dest_ip", kind, value, class: "exact-field" }]);
    case "cidr4":
      return flow(traffic.within(value), [{ field: "dest_ip", kind, value, class: "cidr" }]);
    case "url": {
      const url = new URL(value);
      return http(traffic, url.host, url.pathname + url.search, [{ field: "http.url", kind, value, class: "url" }]);
    }
    case "email":
      return mail(traffic, value, [{ field: "email.from", kind, value, class: "embedded" }]);
    default:
      return file(traffic, { [kind]: value }, [{ field: `fileinfo.${kind}`, kind, value, class: "exact-field" }]);
  }
}

function dns(traffic: Traffic, rrname: string, plants: readonly Plant[]): Event {
  const id = traffic.prng.below(65536);
  const detail = { dns: { version: 2, type: "query", id, rrname, rrtype: "A", tx_id: 0, opcode: 0 } };
  return { type: "dns", destination: "10.0.0.53", detail, plants };
}

function http(traffic: Traffic, hostname: string, url: string, plants: readonly Plant[]): Event {
  const detail = {
    http: {
      hostname,
      url,
      http_user_agent: "curl/8.5.0",
      http_method: "GET",
      protocol: "HTTP/1.1",
      status: 200,
      length: 512,
    },
  };
  return { type: "http", destination: traffic.server(), detail, plants };
}

function tls(traffic: Traffic, sni: string, plants: readonly Plant[]): Event {
  const issuer = "C=XX, O=Test CA, CN=Test CA R3";
  const detail = { tls: { subject: `CN=${traffic.site()}`, issuerdn: issuer, version: "TLS 1.3", sni } };
  return { type: "tls", destination: traffic.server(), detail, plants };
}

function flow(destination: string, plants: readonly Plant[]): Event {
  const detail = {
    flow: { pkts_toserver: 11, pkts_toclient: 9, bytes_toserver: 1514, bytes_toclient: 4312, state: "closed" },
  };
  return { type: "flow", destination, detail, plants };
}

function file(traffic: Traffic, hashes: Readonly<Record<string, string>>, plants: readonly Plant[]): Event {
  const detail = {
    fileinfo: {
      filename: `/files/${traffic.prng.hex(8)}.docx`,
      magic: "Microsoft Word 2007+",
      state: "CLOSED",
      size: 40960,
      ...hashes,
    },
  };
  return { type: "fileinfo", destination: traffic.server(), detail, plants };
}

function mail(traffic: Traffic, sender: string, plants: readonly Plant[]): Event {
  const to = [`<officer${traffic.prng.below(50)}@registry.test>`];
  const detail = { smtp: { helo: traffic.site() }, email: { status: "PARSE_DONE", from: `Help Desk <${sender}>`, to } };
  return { type: "smtp", destination: traffic.server(), detail, plants };
}

function formatRow(traffic: Traffic, { type, destination, detail }: Event): string {
  const timestamp = new Date(traffic.now).toISOString().replace(/(\.\d{3})Z$/, "$1123+0000");
  return JSON.stringify({
    timestamp,
    flow_id: 1_000_000_000 + traffic.prng.below(1_000_000_000),
    in_iface: "eth0",
    event_type: type,
    src_ip: traffic.client(),
    src_port: 1024 + traffic.prng.below(60000),
    dest_ip: destination,
    dest_port: type === "dns" ? 53 : type === "http" ? 80 : 443,
    proto: type === "dns" ? "UDP" : "TCP",
    ...detail,
  });
}
