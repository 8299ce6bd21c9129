import type { Clock, WireFetch } from "@detente/station";
import { mulberry32 } from "./random.ts";

/** Answers an HTTP request in this process, as a station's routes do. */
export type Endpoint = (request: Request) => Response | Promise<Response>;

/** What the wire does to a request. */
export interface Weather {
  /** Chance (0..1) that a request never arrives. */
  readonly dropRequest: number;
  /** Chance (0..1) that the answer to a request that did arrive never comes back. */
  readonly dropResponse: number;
  /** Chance (0..1) that a request arrives once more, later. */
  readonly duplicate: number;
  /** Upper bound of the delay of each direction, in milliseconds; different delays reorder requests. */
  readonly maxDelay: number;
}

export const CALM: Weather = { dropRequest: 0, dropResponse: 0, duplicate: 0, maxDelay: 0 };

/** A request as it went over the wire, for tests that look at it, or send it again. */
export interface Seen {
  readonly from: string;
  readonly to: string;
  readonly request: Request;
}

/** An answer as it went back over the wire. */
export interface Answered {
  /** Who answered, and whom. */
  readonly from: string;
  readonly to: string;
  readonly answer: Response;
}

/** An in-memory wire between stations: a test decides what arrives, when, and how often. */
export class Network {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #endpoints = new Map<string, Endpoint>();
  readonly #underWay = new Map<string, Set<Promise<unknown>>>();
  readonly #cut = new Set<string>();
  readonly #taps = new Set<(seen: Seen) => void>();
  readonly #answerTaps = new Set<(answered: Answered) => void>();
  #weather: Weather = CALM;

  constructor(options: { readonly clock: Clock; readonly seed: number }) {
    this.#clock = options.clock;
    this.#random = mulberry32(options.seed);
  }

  attach(host: string, endpoint: Endpoint): void {
    this.#endpoints.set(host, endpoint);
  }

  /** Resolves when every request that had arrived is answered. */
  async detach(host: string): Promise<void> {
    this.#endpoints.delete(host);
    const underWay = this.#underWay.get(host) ?? new Set<Promise<unknown>>();
    await Promise.allSettled(underWay);
  }

  setWeather(weather: Partial<Weather>): void {
    this.#weather = { ...CALM, ...weather };
  }

  /** Cuts the wire between every host of one side and every host of the other, both ways. */
  cut(side: readonly string[], other: readonly string[]): void {
    for (const a of side) for (const b of other) this.#cut.add(link(a, b));
  }

  /** Mends every cut. */
  mend(): void {
    this.#cut.clear();
  }

  /** Shows every request that is sent, until the function given back is called. */
  tap(listener: (seen: Seen) => void): () => void {
    this.#taps.add(listener);
    return () => void this.#taps.delete(listener);
  }

  /** Shows every answer to a request that arrived, until the function given back is called. */
  tapAnswers(listener: (answered: Answered) => void): () => void {
    this.#answerTaps.add(listener);
    return () => void this.#answerTaps.delete(listener);
  }

  /** The way out of one host. */
  fetchFrom(from: string): WireFetch {
    return async (url, { signal, body, method, headers }) => {
      const to = new URL(url).hostname;
      const request = new Request(url, {
        method,
        headers,
        ...(body === undefined ? {} : { body: Uint8Array.from(body) }),
      });
      for (const tap of this.#taps) tap({ from, to, request: request.clone() });
      const weather = this.#weather;
      await this.#delay(weather, signal);
      if (this.#random() < weather.dropRequest) throw new TypeError("lost on the way");
      if (this.#random() < weather.duplicate) void this.#repeat(from, to, request.clone(), weather);
      const response = await this.#deliver(from, to, request);
      for (const tap of this.#answerTaps) tap({ from: to, to: from, answer: response.clone() });
      await this.#delay(weather, signal);
      if (signal.aborted || this.#random() < weather.dropResponse) throw new TypeError("the answer was lost");
      return response;
    };
  }

  async #repeat(from: string, to: string, request: Request, weather: Weather): Promise<void> {
    await this.#delay({ ...weather, maxDelay: weather.maxDelay + 1 }, new AbortController().signal);
    await this.#deliver(from, to, request).catch(() => undefined);
  }

  async #deliver(from: string, to: string, request: Request): Promise<Response> {
    const endpoint = this.#endpoints.get(to);
    if (endpoint === undefined || this.#cut.has(link(from, to))) throw new TypeError("cannot be reached");
    const answering = Promise.resolve(endpoint(request));
    const underWay = this.#underWay.get(to) ?? new Set<Promise<unknown>>();
    this.#underWay.set(to, underWay.add(answering));
    try {
      return await answering;
    } finally {
      underWay.delete(answering);
    }
  }

  async #delay({ maxDelay }: Weather, signal: AbortSignal): Promise<void> {
    if (maxDelay > 0) await this.#clock.sleep(this.#random() * maxDelay, signal);
  }
}

function link(a: string, b: string): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}
