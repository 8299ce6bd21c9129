import { parentPort } from "node:worker_threads";
import { present, unwrap } from "@detente/basics";
import {
  createSieveScreener,
  type Hit,
  ImageIndex,
  IndicatorImage,
  type Screener,
  type ScreenOptions,
} from "@detente/screen";
import { loadSieve } from "../engine/load-sieve.ts";
import type { Answer, Order } from "./messages.ts";

/** A thread that screens logs one after another, as they are handed to it. */
const port = present(parentPort, "the port of the thread that started this one");
const orders: Order[] = [];
let wake: () => void = () => undefined;

port.on("message", (order: Order) => {
  orders.push(order);
  wake();
});

async function next(): Promise<Order> {
  while (orders.length === 0) await new Promise<void>((resolve) => (wake = resolve));
  return orders.shift() as Order;
}

function answer(found: Answer): void {
  port.postMessage(found);
}

/** The image is copied: this thread needs room beside it that is its own. */
function screenerOf(bytes: Uint8Array): Screener<number> {
  const image = unwrap(
    IndicatorImage.load(loadSieve(), bytes.length, (into, offset) =>
      into.set(bytes.subarray(offset, offset + into.length)),
    ),
  );
  return createSieveScreener(new ImageIndex(image, (place) => place));
}

/** Whoever asks for more has taken all before it to pieces, so what was found in that is handed over first. */
async function screen(screener: Screener<number>, options: ScreenOptions): Promise<void> {
  const hits: Hit<number>[] = [];
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (;;) {
      answer({ hits: hits.splice(0) });
      const order = await next();
      if (!("chunk" in order)) return;
      yield order.chunk;
    }
  }
  const screening = screener.screen(chunks(), options);
  for await (const hit of screening) hits.push(hit);
  answer({ hits, summary: screening.summary() });
}

const slots = new Map<number, Screener<number>>();
for (;;) {
  const order = await next();
  if ("image" in order) slots.set(order.slot, screenerOf(order.image));
  else if ("begin" in order) await screen(present(slots.get(order.slot), "an image before a log"), order.begin);
}
