import { mulberry32 } from "./random.ts";

/** Answers an HTTP request in this process, as a station's routes do. */
export type Endpoint = (request: Request) => Promise<Response>;

/** What the wire does to one request. */
export interface Weather {
  /** Chance (0..1) that a request never arrives. */
  readonly dropRequest: number;
  /** Chance (0..1) that the answer to a request that did arrive never comes back. */
  readonly dropResponse: number;
  /** Chance (0..1) that a request arrives twice. */
  readonly duplicate: number;
  /** Upper bound of the delay of each direction, in milliseconds; different delays reorder requests. */
  readonly maxDelay: number;
}

export const CALM: Weather = { dropRequest: 0, dropResponse: 0, duplicate: 0, maxDelay: 0 };

/** An in-memory wire between stations: hosts are names, and a test decides what arrives, when, and how often. */
export class Network {
  #endpoints = new Map<string, Endpoint>();
  #cut = new Set<string>();
  #weather: Weather = CALM;
  #random: () => number;
  /** Every request that was sent, for tests that look at what leaves a station. */
  readonly sent: { readonly from: string; readonly to: string; readonly method: string; readonly path: string; readonly body: Uint8Array }[] = [];

  constructor(seed = 1) {
    this.#random = mulberry32(seed);
  }

  attach(host: string, endpoint: Endpoint): void {
    this.#endpoints.set(host, endpoint);
  }

  detach(host: string): void {
    this.#endpoints.delete(host);
  }

  setWeather(weather: Partial<Weather>): void {
    this.#weather = { ...CALM, ...weather };
  }

  /** Cuts the wire between two hosts, both ways. */
  cut(a: string, b: string): void {
    this.#cut.add(link(a, b));
  }

  mend(a: string, b: string): void {
    this.#cut.delete(link(a, b));
  }

  /** The `fetch` of one host. */
  fetchFrom(host: string): typeof fetch {
    return async (input, init) => {
      const request = new Request(input, init);
      const url = new URL(request.url);
      const body = new Uint8Array(await request.clone().arrayBuffer());
      this.sent.push({ from: host, to: url.hostname, method: request.method, path: url.pathname, body });
      const weather = this.#weather;
      await this.#delay(weather);
      const endpoint = this.#endpoints.get(url.hostname);
      if (endpoint === undefined || this.#cut.has(link(host, url.hostname)) || this.#random() < weather.dropRequest) {
        throw new TypeError("fetch failed");
      }
      if (this.#random() < weather.duplicate) await endpoint(request.clone());
      const response = await endpoint(request);
      await this.#delay(weather);
      if (this.#random() < weather.dropResponse) throw new TypeError("fetch failed");
      return response;
    };
  }

  async #delay(weather: Weather): Promise<void> {
    if (weather.maxDelay > 0) await new Promise((resolve) => setTimeout(resolve, this.#random() * weather.maxDelay));
  }
}

function link(a: string, b: string): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}
