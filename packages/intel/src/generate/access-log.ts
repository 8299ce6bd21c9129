import { type Plant, Traffic } from "./traffic.ts";
import type { GeneratedLog, Planted, TelemetryOptions } from "./telemetry.ts";

const PAGES = [
  "/",
  "/results",
  "/results/map.json",
  "/assets/app.js",
  "/assets/app.css",
  "/faq",
  "/contact",
  "/favicon.ico",
];
const AGENTS = [
  "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
  "curl/8.5.0",
];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

interface Request {
  readonly client: string;
  readonly target: string;
  readonly referer: string;
  readonly plants: readonly Plant[];
}

/** An nginx access log in the combined format, with hits among clients, referers and open-redirect probes. */
export function generateAccessLog(options: TelemetryOptions): GeneratedLog {
  const traffic = new Traffic("access.log", options);
  const rows: string[] = [];
  const planted: Planted[] = [];
  for (let i = 0; i < options.lines; i++) {
    const request = nextRequest(traffic);
    rows.push(formatRow(traffic, request));
    const time = traffic.now - (traffic.now % 1000);
    for (const plant of request.plants) planted.push({ ...plant, line: rows.length, time });
  }
  return { name: "access.log", text: `${rows.join("\n")}\n`, planted };
}

function nextRequest(traffic: Traffic): Request {
  const everyday: Request = {
    client: traffic.server(),
    target: traffic.prng.pick(PAGES),
    referer: traffic.prng.below(3) === 0 ? `https://${traffic.site()}/` : "-",
    plants: [],
  };
  const turn = traffic.nextLine();
  if (turn === "hit") return plantedRequest(traffic, everyday);
  if (turn === "everyday") return everyday;
  const domain = traffic.draw("domain");
  const url = traffic.draw("url");
  if (domain !== undefined && traffic.prng.below(2) === 0) {
    return { ...everyday, target: `/go?to=https://${traffic.nearName(domain.value)}/` };
  }
  return url === undefined ? everyday : { ...everyday, referer: `${url.value}0` };
}

function plantedRequest(traffic: Traffic, everyday: Request): Request {
  const kind = traffic.prng.pick(["ipv4", "ipv4", "cidr4", "ipv6", "url", "domain", "sha256"] as const);
  const item = traffic.draw(kind);
  if (item === undefined) return everyday;
  const { value } = item;
  switch (kind) {
    case "cidr4":
      return {
        ...everyday,
        client: traffic.within(value),
        plants: [{ field: "remote_addr", kind, value, class: "cidr" }],
      };
    case "url":
      return { ...everyday, referer: value, plants: [{ field: "referer", kind, value, class: "url" }] };
    case "domain":
      return {
        ...everyday,
        target: `/go?to=https%3A%2F%2F${value}%2F${traffic.prng.hex(4)}`,
        plants: [{ field: "request", kind, value, class: "embedded" }],
      };
    case "sha256":
      return {
        ...everyday,
        target: `/upload/${value.toUpperCase()}.bin`,
        plants: [{ field: "request", kind, value, class: "embedded" }],
      };
    default:
      return { ...everyday, client: value, plants: [{ field: "remote_addr", kind, value, class: "exact-field" }] };
  }
}

function formatRow(traffic: Traffic, { client, target, referer }: Request): string {
  const { prng } = traffic;
  const date = new Date(traffic.now);
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = `${two(date.getUTCDate())}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}`;
  const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  const status = prng.pick(["200", "200", "200", "304", "404"]);
  const request = `GET ${target} HTTP/1.1`;
  return `${client} - - [${day}:${clock} +0000] "${request}" ${status} ${prng.below(50000)} "${referer}" "${prng.pick(AGENTS)}"`;
}
