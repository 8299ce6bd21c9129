import type { Bytes } from "@detente/basics";
import type { Context, MiddlewareHandler } from "hono";
import type { Budgets, Refused } from "../wire/budget.ts";
import { matchesDigest } from "../wire/content-digest.ts";
import { problemResponse } from "../wire/errors.ts";
import { provenSender, verifyHead, type VerifyContext } from "../wire/http-signature.ts";
import { BODY_STATUS, readRequestBody } from "../wire/read-body.ts";
import { bindingsOf } from "../wire/received.ts";
import type { Strangers } from "../wire/strangers.ts";
import { underWay } from "./under-way.ts";

export interface MemberVariables {
  readonly Variables: {
    /** The party whose transport key signed the request; not set where anyone may ask and no member signed. */
    member: string;
    /** The request's body, its digest checked. */
    body: Bytes;
  };
}

export interface MemberAccess {
  readonly verification: () => Omit<VerifyContext, "now">;
  /** Whether a party that may call is a member already, not only invited. */
  readonly isMember: (party: string) => boolean;
  /** Whose budget the party spends. */
  readonly accountOf: (party: string) => string;
  readonly budgets: Budgets;
  readonly now: () => number;
}

/** A body sent by a peer arrives at least this fast; a slower one only holds a place. */
const PACE = { graceMs: 10_000, bytesPerSecond: 16 * 1024 } as const;

/**
 * Lets a request through when a member signed it for this station, within that member's budget. Whoever is not
 * proven to be a member gets the same answer whatever is wrong, before a byte of its body is read.
 * @param mayGuest whether a party that is invited, and so known but no member yet, may ask this
 */
export function membersOnly(
  access: MemberAccess,
  maxBytes: number,
  mayGuest: (c: Context<MemberVariables>, guest: string) => boolean = () => false,
): MiddlewareHandler<MemberVariables> {
  return async (c, next) => {
    const request = c.req.raw;
    const head = verifyHead(
      { method: request.method, url: request.url, headers: request.headers },
      { ...access.verification(), now: access.now() },
    );
    if (!head.ok) return provenSender(head.fault) ? problemResponse(401, head.fault) : stranger();
    const { keyid, bodyDigest } = head.value;
    const account = access.accountOf(keyid);
    const entry = access.budgets.enter(account);
    if (!entry.allowed) return tooMany(entry);
    const answered = underWay(c, entry.leave);
    try {
      if (!access.isMember(keyid) && !mayGuest(c, keyid)) {
        return problemResponse(403, {
          code: "not-yet-a-member",
          message: "the charter that takes this party in is not in force",
        });
      }
      const body = await readRequestBody(c, { maxBytes, pace: PACE });
      if (!body.ok) return problemResponse(BODY_STATUS[body.fault.code], body.fault, { closeConnection: true });
      const spending = access.budgets.spend(account, "bytes", body.value.length);
      if (!spending.allowed) return tooMany(spending);
      if (!matchesDigest(bodyDigest, body.value)) {
        const fault = { code: "digest-mismatch", message: "the body is not the one that was signed; send it again" };
        return problemResponse(401, fault);
      }
      c.set("member", keyid);
      c.set("body", body.value);
      await next();
      return;
    } finally {
      answered();
    }
  };
}

/**
 * Lets everyone through: a member that signed within its own budget, so that no flood of others keeps it out, all
 * others within the strangers' budget.
 */
export function anyone(access: MemberAccess, strangers: Strangers): MiddlewareHandler<MemberVariables> {
  return async (c, next) => {
    const { method, url, headers } = c.req.raw;
    const head = verifyHead({ method, url, headers }, { ...access.verification(), now: access.now() });
    const entry = head.ok ? access.budgets.enter(access.accountOf(head.value.keyid)) : strangers.enter(addressOf(c));
    if (!entry.allowed) return tooMany(entry);
    if (head.ok) c.set("member", head.value.keyid);
    const answered = underWay(c, entry.leave);
    await next().finally(answered);
    return;
  };
}

/** The other end's address; undefined where a request came by no socket. */
function addressOf(c: Context): string | undefined {
  return bindingsOf(c).incoming?.socket.remoteAddress;
}

/** Reads a body that nobody signed for; a `Response` where it broke a limit. */
export async function unsignedBody(c: Context, maxBytes: number): Promise<Bytes | Response> {
  const body = await readRequestBody(c, { maxBytes, pace: PACE });
  if (body.ok) return body.value;
  return problemResponse(BODY_STATUS[body.fault.code], body.fault, { closeConnection: true });
}

export function tooMany(refused: Refused): Response {
  const seconds = refused.retryAfterSeconds;
  const fault = { code: "over-budget", message: `over the budget of ${refused.limit}; try again in ${seconds} s` };
  return problemResponse(429, fault, { retryAfter: seconds });
}

function stranger(): Response {
  const fault = {
    code: "members-only",
    message: "only members of the unit are answered here, by requests signed with their transport key (RFC 9421)",
  };
  return problemResponse(401, fault, { closeConnection: true });
}
