/** So much may come out of one packed file, unless said otherwise. */
export const MAX_UNPACKED: number = 64 * 2 ** 30;
