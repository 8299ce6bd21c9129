import type { Context } from "hono";
import { bindingsOf } from "../wire/received.ts";

/** A connection on which nothing of an answer moves for so long is closed. Milliseconds. */
const STALLED = 30_000;

/**
 * Keeps a caller's place among the requests under way until its answer has left this process: what a caller does not
 * read is held in memory here, so it has to count.
 * @param leave gives the place back; called once
 * @returns to be called when the answer is made. Where a request came by no socket its place is given back then
 */
export function underWay(c: Context, leave: () => void): () => void {
  const { incoming, outgoing } = bindingsOf(c);
  if (incoming === undefined || outgoing === undefined) return leave;
  const { socket } = incoming;
  let left = 0;
  // An upload may still be worked on when the caller is gone, and an answer be on its way when the work is done.
  const oneOfTwo = (): void => {
    if (++left === 2) leave();
  };
  const gone = (): void => {
    outgoing.off("close", gone);
    socket.off("close", gone);
    oneOfTwo();
  };
  outgoing.once("close", gone);
  // A response that waits behind another on its connection is not told that the connection is gone.
  socket.once("close", gone);
  return () => {
    if (!outgoing.closed) outgoing.setTimeout(STALLED, () => outgoing.destroy());
    oneOfTwo();
  };
}
