import { h } from "vue";

// Constant shapes on a 24 x 24 grid; solid ones are filled, the others stroked.
const SOLID = {
  play: '<path d="M8 5.2v13.6a1 1 0 0 0 1.5.86l11-6.8a1 1 0 0 0 0-1.72l-11-6.8A1 1 0 0 0 8 5.2z"/>',
  pause:
    '<rect x="6" y="5" width="4.4" height="14" rx="1.2"/><rect x="13.6" y="5" width="4.4" height="14" rx="1.2"/>',
  previous:
    '<path d="M19 6v12a.8.8 0 0 1-1.3.6L9 12.6a.8.8 0 0 1 0-1.2l8.7-6A.8.8 0 0 1 19 6z"/><rect x="5" y="5" width="2.4" height="14" rx="1"/>',
  next: '<path d="M5 6v12a.8.8 0 0 0 1.3.6l8.7-6a.8.8 0 0 0 0-1.2l-8.7-6A.8.8 0 0 0 5 6z"/><rect x="16.6" y="5" width="2.4" height="14" rx="1"/>',
};

const STROKED = {
  activity: '<path d="M3 12h4l3-8 4 16 3-8h4"/>',
  alike: '<circle cx="9" cy="12" r="6"/><circle cx="15" cy="12" r="6"/>',
  back: '<path d="M4.5 5v4.5H9M5 9.5a8 8 0 1 1-1 5"/>',
  check: '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
  close: '<path d="M6 6l12 12M18 6 6 18"/>',
  copy: '<rect x="9" y="9" width="11" height="11" rx="2.5"/><path d="M5.5 15A1.5 1.5 0 0 1 4 13.5v-8A1.5 1.5 0 0 1 5.5 4h8A1.5 1.5 0 0 1 15 5.5"/>',
  disc: '<circle cx="12" cy="12" r="9"/><circle cx="12" cy="12" r="2.5"/>',
  down: '<path d="m6 9 6 6 6-6"/>',
  download: '<path d="M12 4v11M7.5 10.5 12 15l4.5-4.5M5 20h14"/>',
  enqueue: '<path d="M3 6h12M3 12h8M3 18h8M18 12v8M14 16h8"/>',
  edit: '<path d="M4 20l1-4L16.5 4.5a2 2 0 0 1 3 3L8 19z"/><path d="M14.5 6.5l3 3"/>',
  filter: '<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2"/><circle cx="9" cy="17" r="2"/>',
  folder:
    '<path d="M3 7.5A2.5 2.5 0 0 1 5.5 5h3.2a2 2 0 0 1 1.5.7L11.5 7H18a3 3 0 0 1 3 3v6.5a2.5 2.5 0 0 1-2.5 2.5h-13A2.5 2.5 0 0 1 3 16.5z"/>',
  forward: '<path d="M19.5 5v4.5H15M19 9.5a8 8 0 1 0 1 5"/>',
  history: '<path d="M4 5v5h5M4.5 10a8 8 0 1 1-.3 4"/><path d="M12 8v4.5l3 2"/>',
  journey: '<circle cx="6" cy="18" r="2"/><circle cx="18" cy="6" r="2"/><path d="M8 18h7a3 3 0 0 0 0-6H9a3 3 0 0 1 0-6h7"/>',
  keyboard:
    '<rect x="3" y="6" width="18" height="12" rx="2.5"/><path d="M7 10h.01M11 10h.01M15 10h.01M17.5 10h.01M7 14h.01M17.5 14h.01M10 14h4"/>',
  less: '<circle cx="12" cy="12" r="8"/><path d="M8.5 12h7"/>',
  mic: '<rect x="9" y="3" width="6" height="11" rx="3"/><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3"/>',
  model:
    '<path d="M8.5 18.5A3.5 3.5 0 0 1 5 15v-4a7 7 0 0 1 14 0c0 3-3 4-3.5 7a3.3 3.3 0 0 1-3.3 3"/><path d="M9 12v-1a3 3 0 0 1 6 0"/>',
  more: '<circle cx="12" cy="5" r="1"/><circle cx="12" cy="12" r="1"/><circle cx="12" cy="19" r="1"/>',
  muted: '<path d="M11 5 6 9H3v6h3l5 4zM16 9.5l5 5M21 9.5l-5 5"/>',
  note: '<circle cx="8" cy="17" r="3"/><path d="M11 17V5l8-1.5v4L11 9"/>',
  person: '<circle cx="12" cy="8" r="4"/><path d="M4.5 20a7.5 7.5 0 0 1 15 0"/>',
  plus: '<path d="M12 5v14M5 12h14"/>',
  queue: '<path d="M4 6h16M4 12h10M4 18h10M18 12v6"/><circle cx="16.5" cy="18" r="1.8"/>',
  radio: '<circle cx="12" cy="12" r="2"/><path d="M8 16a5.7 5.7 0 0 1 0-8M16 8a5.7 5.7 0 0 1 0 8M5 19a9.9 9.9 0 0 1 0-14M19 5a9.9 9.9 0 0 1 0 14"/>',
  refresh: '<path d="M20 5v5h-5M4 19v-5h5M19.5 10a8 8 0 0 0-14-2.5M4.5 14a8 8 0 0 0 14 2.5"/>',
  search: '<circle cx="11" cy="11" r="7"/><path d="m20 20-3.5-3.5"/>',
  sound: '<path d="M4 10v4M8 7v10M12 4v16M16 8v8M20 10.5v3"/>',
  spark:
    '<path d="M12 3v4M12 17v4M3 12h4M17 12h4M6.5 6.5l2.5 2.5M15 15l2.5 2.5M6.5 17.5 9 15M15 9l2.5-2.5"/>',
  tag: '<path d="M4 4h8l8 8-8 8-8-8z"/><path d="M8.5 8.5h.01"/>',
  target: '<circle cx="12" cy="12" r="8"/><circle cx="12" cy="12" r="2.5"/>',
  undo: '<path d="M8 5 4 9l4 4M4 9h9.5a5.5 5.5 0 0 1 0 11H9"/>',
  up: '<path d="m6 15 6-6 6 6"/>',
  volume:
    '<path d="M11 5 6 9H3v6h3l5 4zM15.5 8.5a5 5 0 0 1 0 7M18.5 5.5a9 9 0 0 1 0 13"/>',
};

/** `<Icon name="play" />`: decoration only; the control around it carries the name. */
export const Icon = ({ name }) =>
  h("svg", {
    class: ["tb-icon", { solid: name in SOLID }],
    viewBox: "0 0 24 24",
    "aria-hidden": "true",
    focusable: "false",
    innerHTML: SOLID[name] ?? STROKED[name],
  });
Icon.props = ["name"];
