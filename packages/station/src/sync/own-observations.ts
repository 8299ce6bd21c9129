import type { Clock } from "../clock.ts";
import type { Gate } from "../setup/gate.ts";
import type { Speaker } from "../speak/speaker.ts";
import type { Archive } from "./archive.ts";
import type { Membership } from "./membership.ts";
import { observableHeads } from "./observable-heads.ts";
import { Observer } from "./observer.ts";
import type { OwnLog } from "./own-log.ts";

export interface OwnObservationsOptions {
  readonly archive: Archive;
  readonly membership: Membership;
  readonly own: OwnLog;
  readonly gate: Gate;
  readonly speaker: Speaker;
  /** Whether a log is proven to have two versions. */
  readonly isFrozen: (origin: string) => boolean;
  readonly clock: Clock;
  readonly onFault: (error: unknown) => void;
}

/** What this party observes of the others' logs, while it may sign and what it says counts. */
export function ownObservations(options: OwnObservationsOptions): Observer {
  const { archive, membership, own, gate, speaker, isFrozen, clock, onFault } = options;
  return new Observer({
    observable: () => (gate.maySign && membership.belongs ? observableHeads(archive, own.origin, isFrozen) : []),
    observe: async (heads) => {
      const observed = await speaker.observe(heads);
      await archive.advance(own.origin);
      return observed.ok;
    },
    clock,
    onFault,
  });
}
