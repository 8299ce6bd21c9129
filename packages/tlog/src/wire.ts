import { type Bytes, utf8 } from "@detente/basics";

/** A request as the handlers of this package see it, whatever carries it. */
export interface WireRequest {
  readonly method: string;
  /** Below the service's prefix, from the slash on, as in `/add-checkpoint`. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Bytes;
}

export interface WireResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Bytes;
}

/** Carries a request to a service below its prefix; rejects where no answer came. */
export type Send = (request: WireRequest) => Promise<WireResponse>;

export function textResponse(status: number, text: string, type = "text/plain; charset=utf-8"): WireResponse {
  return { status, headers: { "content-type": type }, body: utf8(text) };
}

/** A refusal: its reason as one line for people. */
export function refusal(status: number, reason: string): WireResponse {
  return textResponse(status, `${reason}\n`);
}

/** The media type of a response, without parameters. */
export function mediaType(response: WireResponse): string {
  return (response.headers["content-type"] ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
}
