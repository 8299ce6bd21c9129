/** The closed lists of words that clients of the local interface choose from; an entry of its own, so that they load no more. */

/**
 * How what was found is related to what was asked for: the `same` value; a domain `above` it, or one that it leads to;
 * what is `below` a domain; a network `around` an address or network; an address, network or URL `within` one; a value
 * with the text `inside`; `words` of what authors wrote.
 */
export const FIND_RELATIONS = ["same", "above", "around", "below", "within", "inside", "words"] as const;

export type FindRelation = (typeof FIND_RELATIONS)[number];

/**
 * What a token of a machine may do. To speak for the party is not among them: that takes the officer's token. What
 * `taxii:write` brings waits for an officer, or for a rule that an officer has set.
 */
export const SCOPES = ["record:read", "intel:read", "taxii:read", "taxii:sealed", "taxii:write"] as const;

export type Scope = (typeof SCOPES)[number];
