/**
 * SQL's LIKE (STIX 2.1 §9.6.1): `%` is any number of characters, `_` any one. Greedy with one way back, so it takes at
 * most the product of the two lengths.
 */
export function isLike(text: string, like: string): boolean {
  const characters = Array.from(text.normalize("NFC"));
  const wanted = Array.from(like.normalize("NFC"));
  let at = 0;
  let next = 0;
  let percent = -1;
  let resume = 0;
  while (at < characters.length) {
    if (wanted[next] === "%") {
      percent = next++;
      resume = at;
    } else if (wanted[next] === "_" || wanted[next] === characters[at]) {
      next++;
      at++;
    } else if (percent >= 0) {
      next = percent + 1;
      at = ++resume;
    } else return false;
  }
  while (wanted[next] === "%") next++;
  return next === wanted.length;
}
