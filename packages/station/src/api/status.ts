import { toHex } from "@detente/basics";
import type { ThingReport } from "@detente/unit";
import type { Station } from "../station.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import type { LogStatus, StatusReport, UnitStatus } from "./status-contract.ts";
import { audienceOf } from "./statements.ts";

/** What this station knows of itself and its unit at this moment. */
export async function statusReport(station: Station): Promise<StatusReport> {
  const { unit, own, gate, config } = station;
  const equivocations = (unit?.evidence.frozen() ?? []).map(async (log) => {
    const report = unit?.archive.fold.logs().find(({ origin }) => origin === log);
    const [statement] = report?.frozen?.proofs ?? [];
    return {
      log,
      frozenAt: report?.effectiveSize ?? 0,
      ...(statement === undefined ? {} : { statement }),
      isDivided: unit?.reconciler.isDivided(log) ?? false,
      aside: await station.mirrored.aside(log),
    };
  });
  return {
    station: { party: config.name, origin: config.origin, url: config.url, state: gate.state, detail: gate.detail },
    unit: unit === undefined ? null : unitStatus(unit, config.name),
    arriving: unit?.arriving ?? null,
    own: {
      recorded: own.reader.size,
      witnessed: unit?.cosignatures.witnessedSize() ?? 0,
      held: unit?.heldSize() ?? 0,
    },
    logs:
      unit === undefined
        ? []
        : await Promise.all(unit.archive.origins().map((origin) => logStatus(station, unit, origin))),
    equivocations: await Promise.all(equivocations),
    changingKeys: unit?.retirement.waitingFor() ?? [],
    witnesses: unit?.outsideWitnesses.report() ?? [],
    watch: station.watch.report(),
    taxii: station.exchange.report(),
  };
}

const SHARES: ReadonlySet<string> = new Set(["share", "objects"]);

/** The shares on the table in every view that this party sees, those withdrawn among them. */
function sharesOf(unit: UnitRuntime): { readonly view: string; readonly thing: ThingReport }[] {
  const { fold } = unit.archive;
  return fold.views().flatMap((view) =>
    fold
      .things(view)
      .filter(({ statement }) => SHARES.has(statement.body?.kind ?? ""))
      .map((thing) => ({ view, thing })),
  );
}

function unitStatus(unit: UnitRuntime, party: string): UnitStatus {
  const { fold } = unit.archive;
  const { current, founding } = fold.charterInForce();
  const charter = current ?? founding;
  const live = sharesOf(unit).filter(({ thing }) => !thing.isWithdrawn);
  const count = (kind: string): number =>
    live.reduce((sum, { thing }) => {
      const { body } = thing.statement;
      const content = body?.content as { collection?: { count?: number } } | undefined;
      return sum + (body?.kind === kind ? (content?.collection?.count ?? 0) : 0);
    }, 0);
  const sightings = (thing: ThingReport): number =>
    thing.voices.reduce((sum, voice) => sum + (voice.sightings?.statements ?? 0), 0);
  return {
    id: fold.unit,
    title: charter.title,
    inForce: current !== undefined,
    quorum: charter.quorum,
    isMember: unit.membership.speaking().has(party),
    members: [...unit.membership.speaking()],
    digests: fold.views().map((view) => ({ audience: audienceOf(view), digest: fold.viewDigest(view).digest })),
    shares: live.length,
    indicators: count("share"),
    objects: count("objects"),
    sightings: sharesOf(unit).reduce((sum, { thing }) => sum + sightings(thing), 0),
  };
}

async function logStatus(station: Station, unit: UnitRuntime, origin: string): Promise<LogStatus> {
  const log = unit.archive.log(origin);
  const size = log?.size ?? 0;
  const party = unit.membership.nameOf(origin);
  const report = unit.archive.fold.logs().find((candidate) => candidate.origin === origin);
  const peer = unit.peers.list().find(({ name }) => name === party);
  return {
    party,
    origin,
    size,
    root: log === undefined ? "" : toHex(log.rootAt(size)),
    effective: report?.effectiveSize ?? 0,
    cosigned: (await station.state.witness.get(origin))?.size ?? 0,
    missingBodies: unit.archive.fold.missingBodies(origin, size).length,
    frozen: unit.evidence.isFrozen(origin),
    ...(peer === undefined ? {} : { peer: { ...peer.contact } }),
  };
}
