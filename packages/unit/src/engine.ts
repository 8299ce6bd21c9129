import { type Bytes, canonicalJson, present, sha256 } from "@detente/basics";
import { AcceptanceQueue } from "./acceptance-queue.ts";
import { type Charter, partyOf } from "./charter-book.ts";
import { type Entry, type ReadEntry, takeIn } from "./intake.ts";
import type { Log } from "./log.ts";
import { LogRows } from "./log-rows.ts";
import { type BodyReading, readAnyBody, readLeaf } from "./reading.ts";
import { isLeave, judge } from "./rules.ts";
import type { UnitState } from "./state.ts";
import type { Statement, StatementBody } from "./statement.ts";
import type { Topic } from "./verdict.ts";

/**
 * Drives the fold: what is delivered may settle observations, these may cover statements, statements may bring charters
 * into force, and charters are measures for further statements. Consequences go through queues, so that no chain of
 * them can exhaust the stack.
 */
export class Engine {
  readonly state: UnitState;
  readonly measures: Charter[];
  /** How often anything was delivered: what was derived from the state before the last time may be another now. */
  deliveries = 0;
  readonly #acceptances: AcceptanceQueue;
  readonly #entering: Charter[] = [];
  readonly #uncovered = new Set<Log>();
  readonly #passing = new Set<Log>();
  readonly #again: Statement[] = [];
  readonly #waiting = new Map<Topic, Set<Statement>>();
  readonly #rows: LogRows;

  constructor(state: UnitState) {
    const { founding } = state.book;
    this.state = state;
    this.measures = [founding];
    this.#rows = new LogRows(state);
    this.#acceptances = new AcceptanceQueue(state, (charter) => this.#entering.push(charter));
    for (const origin of founding.origins) this.#admit(founding, origin, 0);
  }

  add({ log, index, leaf, leafHash, body }: Entry): void {
    this.#enter({ log, index, leafHash, reading: readLeaf(leaf) });
    if (body !== undefined) this.#deliver(sha256(body), readAnyBody(body));
    this.#run();
  }

  addBody(body: Bytes): void {
    this.addReadBody(sha256(body), readAnyBody(body));
  }

  /** As `add`, for an entry that was read before. */
  addRead(entry: ReadEntry): void {
    this.#enter(entry);
    this.#run();
  }

  /** As `addBody`, for a body that was digested and read before. */
  addReadBody(digest: Bytes, reading: BodyReading): void {
    this.#deliver(digest, reading);
    this.#run();
  }

  #enter(entry: ReadEntry): void {
    for (const log of takeIn(this.state, entry)) this.#uncovered.add(log);
  }

  #deliver(digest: Bytes, reading: BodyReading): void {
    for (const statement of this.state.bodies.deliver(digest, reading)) {
      if (statement.form === "unit-wide") {
        this.#passing.add(statement.log);
        continue;
      }
      if (statement.state === "waiting") this.#take(statement);
      this.#wake(statement.id);
    }
  }

  #run(): void {
    this.deliveries++;
    for (;;) {
      const charter = this.#entering.pop();
      if (charter !== undefined) {
        this.#enterIntoForce(charter);
        continue;
      }
      const uncovered = takeFrom(this.#uncovered);
      if (uncovered !== undefined) {
        this.#cover(uncovered);
        continue;
      }
      const passing = takeFrom(this.#passing);
      if (passing !== undefined) {
        this.#pass(passing);
        continue;
      }
      const statement = this.#again.pop();
      if (statement === undefined) return;
      this.#consider(statement);
    }
  }

  /** Any charter that is or was in force may measure, so what is covered stays covered. */
  #cover(log: Log): void {
    for (const measure of this.measures) {
      const size = this.state.observatory.effectiveSize(log.origin, measure);
      if (size <= log.effectiveSize) continue;
      log.effectiveSize = size;
      this.#passing.add(log);
    }
  }

  /** Judges a log's covered statements in the order of the log, up to the first whose body is missing. */
  #pass(log: Log): void {
    while (log.passed < log.effectiveSize) {
      const statement = present(log.entries[log.passed], "a covered entry");
      if (statement.form === "unit-wide" && statement.claim !== undefined) return;
      log.passed++;
      if (statement.form === "heads") {
        statement.state = "effective";
      } else {
        log.passedPlain = log.passed;
        if (log.memberships.length > 0) this.#rows.logChanged(log);
        statement.state = "outside";
        if (statement.form === "unit-wide" && statement.body !== undefined) this.#note(statement, statement.body);
        if (log.isMemberAt(statement.index)) this.#take(statement);
      }
      this.#acceptances.known(statement.id);
      this.#wake(statement.id);
    }
  }

  /** What holds whoever the author is: it may become a party by what it says here. */
  #note(statement: Statement, body: StatementBody): void {
    const { log, index, id } = statement;
    if (isLeave(this.state, body)) log.withdrawals.push(index);
    if (body.name === "open/charter") {
      this.state.addDraft(id, body.content.charter);
    }
    if (body.name === "position/accept" && body.content.digest !== undefined) this.#acceptances.push(statement);
  }

  /** Takes up a party's statement that is covered. */
  #take(statement: Statement): void {
    this.#rows.logChanged(statement.log);
    if (statement.reason !== undefined) {
      statement.state = "void";
      if (statement.form !== "sealed") statement.log.void++;
    } else {
      statement.state = "waiting";
      if (statement.body !== undefined) this.#consider(statement);
    }
  }

  #consider(statement: Statement): void {
    const { log, body } = statement;
    if (statement.state !== "waiting" || body === undefined) return;
    const verdict = judge(this.state, statement, body);
    if (verdict.outcome === "effective") {
      this.#takeEffect(statement, body);
    } else if (verdict.outcome === "void") {
      statement.state = "void";
      statement.reason = verdict.reason;
      if (body.view === "unit") log.void++;
      this.#rows.logChanged(log);
      this.#wake(statement.id);
    } else {
      statement.waitsFor = verdict.for;
      for (const topic of verdict.topics) {
        const waiting = this.#waiting.get(topic);
        if (waiting === undefined) this.#waiting.set(topic, new Set([statement]));
        else waiting.add(statement);
      }
    }
  }

  #takeEffect(statement: Statement, body: StatementBody): void {
    const { log, index, id } = statement;
    const { state } = this;
    statement.state = "effective";
    statement.waitsFor = undefined;
    state.view(body.view).apply(statement);
    state.contests.note(statement, body);
    if (body.view === "unit") log.effective++;
    this.#rows.logChanged(log);
    if (body.name === "open/keys") {
      const { role, key, next } = body.content;
      state.keys.rotate(log.origin, role, { key, next, from: index });
      this.#rows.partyChanged(log);
      if (role === "log") this.#wake(`key ${log.origin}`);
    } else if (body.name === "open/charter") {
      const draft = present(state.drafts.get(id), "a charter's draft");
      const base = draft.document.base === undefined ? undefined : state.book.find(draft.document.base);
      const charter = state.book.propose(draft.digest, draft.document, base);
      if (index > (state.proposals.get(log.origin)?.index ?? -1)) state.proposals.set(log.origin, { index, charter });
      if (state.book.complete(charter)) this.#entering.push(charter);
    } else if (body.name === "observe/equivocation") {
      const origin = body.content.log;
      const proofs = state.equivocations.get(origin);
      if (proofs === undefined) state.equivocations.set(origin, [statement]);
      else proofs.push(statement);
      state.view("unit").changed(`equivocation/${origin}`, () => "true");
    } else if (body.name === "open/match-set") {
      state.matchSets.push(statement);
    } else if (body.name === "open/meeting") {
      state.meetings.push(statement);
    } else if (isLeave(state, body)) {
      log.end(index);
      this.#rows.partyChanged(log);
    }
    this.#wake(id);
  }

  #enterIntoForce(charter: Charter): void {
    const { state } = this;
    if (charter.base !== undefined) this.measures.push(charter);
    for (const log of state.logs.values()) this.#uncovered.add(log);
    for (const origin of charter.newcomers) {
      this.#admit(charter, origin, present(state.book.acceptance(charter, origin), "a newcomer's acceptance").index);
    }
    state.view("unit").changed("charters", () =>
      canonicalJson({
        chain: state.book.chain().map(({ digest }) => digest),
        complete: state.book.completed().map(({ digest }) => digest),
      }),
    );
    this.#wake(`charter ${charter.digest}`);
  }

  /** Makes the author of a log a party from `from` on, and takes up what it has said since. */
  #admit(charter: Charter, origin: string, from: number): void {
    const { state } = this;
    const log = state.log(origin);
    const party = partyOf(charter, origin);
    state.setName(origin, party.name);
    state.keys.begin(party, from);
    this.#wake(`key ${origin}`);
    if (log.isMemberAt(from)) return;
    log.begin(from);
    this.#rows.partyChanged(log);
    this.#rows.logChanged(log);
    for (let index = from; index < log.passed && log.isMemberAt(index); index++) {
      const statement = present(log.entries[index], "an entry that was passed");
      if (statement.state === "outside") this.#take(statement);
    }
  }

  #wake(topic: Topic): void {
    const waiting = this.#waiting.get(topic);
    if (waiting === undefined) return;
    this.#waiting.delete(topic);
    for (const statement of waiting) this.#again.push(statement);
  }
}

function takeFrom<T>(set: Set<T>): T | undefined {
  if (set.size === 0) return undefined;
  const [first] = set;
  if (first !== undefined) set.delete(first);
  return first;
}
