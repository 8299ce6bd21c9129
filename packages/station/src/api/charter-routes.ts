import { err, type Json, ok, type Result } from "@detente/basics";
import { type CharterDocument, checkCharter } from "@detente/record";
import { Type } from "typebox";
import { checkInvitation } from "../setup/invitation.ts";
import { acceptProposal, invitationTo, newcomers, proposeCharter } from "../speak/amendment.ts";
import type { Station } from "../station.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import type { CharterReport } from "./charter-contract.ts";
import { withUnit } from "./with-unit.ts";
import { answer, type ApiResult, json, type Route, route } from "./route.ts";
import { anything, closed, hash } from "./input.ts";

/** Routes for founding, amending, joining and leaving. */
export function charterRoutes(station: Station): readonly Route[] {
  const inUnit = (run: (unit: UnitRuntime) => Promise<ApiResult> | ApiResult): Promise<ApiResult> =>
    withUnit(station, run);
  const report = (done: Result<unknown>): ApiResult =>
    done.ok && station.unit !== undefined ? json(charterReport(station.unit)) : answer(done);

  return [
    route({
      method: "get",
      path: "/api/charter",
      summary: "the charter, and what is proposed to follow it",
      scope: "record:read",
      run: async () => inUnit((unit) => json(charterReport(unit))),
    }),
    route({
      method: "post",
      path: "/api/charter",
      summary: "accept a founding charter",
      body: Type.Object({ document: anything }, closed),
      run: async ({ body }) => {
        const charter = readCharter(body.document);
        return charter.ok ? report(await station.accept(charter.value)) : answer(charter);
      },
    }),
    route({
      method: "post",
      path: "/api/charter/propose",
      summary: "propose an amended charter",
      body: Type.Object({ document: anything, of: Type.Optional(Type.Array(hash, { maxItems: 64 })) }, closed),
      run: async ({ body }) =>
        inUnit(async (unit) => {
          const charter = readCharter(body.document);
          if (!charter.ok) return answer(charter);
          return answer(await proposeCharter(station.speaker, unit, charter.value, body.of ?? []));
        }),
    }),
    route({
      method: "post",
      path: "/api/charter/accept",
      summary: "accept a proposed charter",
      body: Type.Object({ digest: hash }, closed),
      run: async ({ body }) => inUnit(async (unit) => answer(await acceptProposal(station.speaker, unit, body.digest))),
    }),
    route({
      method: "get",
      path: "/api/charter/invitation",
      summary: "what a party needs that a proposed charter would take in",
      query: { digest: hash },
      run: async ({ query }) => inUnit((unit) => answer(invitationTo(unit, query.digest))),
    }),
    route({
      method: "post",
      path: "/api/charter/join",
      summary: "accept an invitation to a unit",
      body: Type.Object({ founding: anything, proposal: anything, statement: hash }, closed),
      run: async ({ body }) => {
        const invitation = checkInvitation(body);
        return invitation.ok ? report(await station.join(invitation.value)) : answer(invitation);
      },
    }),
    route({
      method: "post",
      path: "/api/charter/leave",
      summary: "leave the unit",
      body: Type.Object({}, closed),
      run: async () =>
        inUnit(async (unit) => {
          const content = { digest: unit.archive.fold.unit };
          return answer(
            await station.speaker.state({ type: "position", kind: "withdraw", of: [], audience: "unit", content }),
          );
        }),
    }),
  ];
}

function charterReport(unit: UnitRuntime): CharterReport {
  const { founding, current, proposals } = unit.archive.fold.charter();
  const shown = current ?? founding;
  const names = (origins: readonly string[]): string[] => origins.map((origin) => unit.membership.nameOf(origin));
  return {
    digest: shown.digest,
    document: shown.document as never,
    inForce: current !== undefined,
    accepted: names(shown.accepted),
    parties: unit.membership.currentFiles() as unknown as Json[],
    proposals: proposals.map(({ digest, document, statements, accepted, lacking, acceptWith }) => ({
      digest,
      statement: statements[0] ?? "",
      attempt: document.attempt,
      document: document as unknown as Json,
      joining: newcomers(unit, document),
      accepted: names(accepted),
      lacking: names(lacking),
      acceptWith: acceptWith ?? null,
    })),
  };
}

function readCharter(document: Json): Result<CharterDocument> {
  const checked = checkCharter(document);
  return checked.ok ? ok(checked.value) : err("bad-charter", checked.fault.message);
}
