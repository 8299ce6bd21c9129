import { fromBase64, utf8Decode } from "@detente/basics";
import { bearerToken } from "../../setup/token.ts";

/**
 * The token of an Authorization header: of `Bearer` (RFC 6750 §2.1) itself, of `Basic` (RFC 7617) the password, for
 * clients that know no other way; the user's name there means nothing. `Token` is what the OASIS client library calls it.
 */
export function presentedToken(authorization: string | undefined): string | undefined {
  const basic = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization ?? "")?.[1];
  if (basic === undefined) return bearerToken(authorization?.replace(/^Token /i, "Bearer "));
  const pair = utf8Decode(fromBase64(basic) ?? new Uint8Array(0)) ?? "";
  const colon = pair.indexOf(":");
  return colon === -1 || colon === pair.length - 1 ? undefined : pair.slice(colon + 1);
}

/** Both ways, in the order in which they are preferred. */
export const CHALLENGE = 'Bearer realm="taxii", Basic realm="taxii", charset="UTF-8"';
