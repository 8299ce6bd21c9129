import { type Bytes, concatBytes, ok, type Result } from "@detente/basics";
import { batchClass, type AnswerFault, ELEMENT_BYTES, type Outcome } from "@detente/match";
import type { FinishOrder, Operations } from "./operations.ts";
import type { MatchThreads } from "./threads.ts";

/** Shares of a request that a thread multiplies: fewer elements are not worth the other thread. */
const LEAST_SHARE = 32;

type AnswerOrder = Parameters<Operations["answer"]>[1];

/** Answers a request on all threads: most of the work is to multiply its elements, each for itself. */
export async function answerTogether(
  threads: MatchThreads,
  order: AnswerOrder,
  blinded: Bytes,
): Promise<ReturnType<Operations["answer"]>> {
  const elements = blinded.length / ELEMENT_BYTES;
  const shares = Math.min(threads.width, Math.floor(elements / LEAST_SHARE));
  if (shares < 2) return threads.runFor(elements, "answer", order);
  // Fours are multiplied side by side.
  const size = 4 * ELEMENT_BYTES * Math.ceil(elements / (4 * shares));
  const { key } = order.answerer;
  const parts = await Promise.all(
    Array.from({ length: shares }, (_, i) =>
      threads.run("multiply", { key, elements: blinded.slice(size * i, size * (i + 1)) }),
    ),
  );
  const multiplied = parts.map((part) => (part.ok ? part.value : undefined));
  // Where an element is none, it is refused by its place among all.
  if (!multiplied.every((part) => part !== undefined)) return threads.run("answer", order);
  return threads.run("answer", { ...order, multiplied: concatBytes(...multiplied) });
}

/**
 * Checks an answer on one thread while another takes the blinds out. What that gives goes nowhere unless the answer is
 * accepted (`unblind`).
 */
export async function finishTogether(threads: MatchThreads, order: FinishOrder): Promise<Result<Outcome, AnswerFault>> {
  const elements = batchClass(order.asked.inputs.length);
  if (elements < LEAST_SHARE) return threads.runFor(elements, "finish", order);
  const [accepted, outputs] = await Promise.all([threads.run("accept", order), threads.run("unblind", order)]);
  if (!accepted.ok) return accepted;
  return outputs.ok ? ok({ tab: accepted.value, outputs: outputs.value }) : outputs;
}
