// A cover for tracks without artwork: drawn from the track's name, in the hues of the aurora.

const FNV_OFFSET = 2166136261;
const FNV_PRIME = 16777619;

function hash(text) {
  let value = FNV_OFFSET;
  for (const character of text) value = Math.imul(value ^ character.codePointAt(0), FNV_PRIME) >>> 0;
  return value;
}

/** A CSS background, always the same for the same seed; hues stay between cyan and pink. */
export function generatedCover(seed) {
  const h = hash(seed);
  const hueA = 185 + (h % 145);
  const hueB = 185 + ((h >>> 7) % 145);
  const x = 15 + ((h >>> 12) % 70);
  const y = 15 + ((h >>> 18) % 70);
  const ring = 3 + ((h >>> 24) % 5);
  return [
    `repeating-radial-gradient(circle at ${x}% ${y}%, rgb(255 255 255 / .1) 0 1px, transparent 1px ${ring}px)`,
    `radial-gradient(circle at ${100 - x}% ${y}%, hsl(${hueA} 85% 68% / .95), transparent 55%)`,
    `radial-gradient(circle at ${x}% ${100 - y}%, hsl(${hueB} 80% 55% / .9), transparent 60%)`,
    `linear-gradient(${h % 360}deg, hsl(${hueB} 55% 16%), hsl(${hueA} 60% 26%))`,
  ].join(", ");
}
