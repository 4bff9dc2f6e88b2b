// The pen of a picture that is drawn once and then stands: a day's chart is thousands of short strokes.

/**
 * Drawn by the processor. By the card each stroke would be cut into triangles first, for a picture that changes with its data alone; and where nothing but the
 * processor is there to play the card, one chart took as long as all the rest of the page together.
 */
export const stillPen = (canvas: HTMLCanvasElement): CanvasRenderingContext2D => canvas.getContext('2d', { willReadFrequently: true })!
