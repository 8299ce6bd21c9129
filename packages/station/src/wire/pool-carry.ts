import type { Bytes } from "@detente/basics";
import type { Dispatcher, Pool } from "undici";
import { ArrivingBody } from "./arriving-body.ts";
import type { Answer, Carried, Carry } from "./carry.ts";

/**
 * `Carry` over the connections of a pool. It stands on undici's handlers, not on `request`: the stream and the signal
 * that come with that take longer than the rest of an exchange on loopback.
 */
export function poolCarry(pool: Pool): Carry {
  return ({ method, target, headers, body }) => {
    const exchange = new PoolExchange();
    pool.dispatch({ method, path: target, headers, body: body ?? null }, exchange);
    return exchange;
  };
}

class PoolExchange implements Carried, Dispatcher.DispatchHandler {
  readonly answer: Promise<Answer>;
  #resolve: (answer: Answer) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #body: ArrivingBody | undefined;
  #givenUp: Error | undefined;

  constructor() {
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  giveUp(): void {
    this.#givenUp = new Error("given up");
    this.#controller?.abort(this.#givenUp);
    // Where there is no connection yet nobody else says so.
    this.onResponseError(undefined, this.#givenUp);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#givenUp !== undefined) controller.abort(this.#givenUp);
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    // What comes before the answer (RFC 9110 §15.2).
    if (status < 200) return;
    this.#body = new ArrivingBody({
      pause: () => controller.pause(),
      resume: () => controller.resume(),
      cancel: () => controller.abort(new Error("cancelled")),
    });
    this.#resolve({ status, headers: joined(headers), body: this.#body });
  }

  onResponseData(_: unknown, chunk: Bytes): void {
    this.#body?.push(chunk);
  }

  onResponseEnd(): void {
    this.#body?.end();
  }

  onResponseError(_: unknown, error: Error): void {
    this.#reject(error);
    this.#body?.fail(error);
  }
}

function joined(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const all: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) all[name] = typeof value === "string" ? value : value.join(", ");
  }
  return all;
}
