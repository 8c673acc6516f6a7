/** How light a colour is to the eye. */

/** The luma of ITU-R BT.601; of a grey, that grey. */
export const lumaOf = (red: number, green: number, blue: number): number => 0.299 * red + 0.587 * green + 0.114 * blue;
