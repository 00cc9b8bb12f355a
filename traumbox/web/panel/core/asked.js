// What is asked, and the addresses of questions that differ from it in one thing. `asked` comes
// from the server: { text, like: [{ id, title }], unlike, filters: [condition], back, sound }.

import { reactive } from "vue";
import { searchPath } from "./urls.js";

const ids = (tracks) => tracks.map(({ id }) => id);
const except = (list, ...gone) => list.filter((one) => !gone.includes(one));
const including = (list, one) => [...except(list, one), one];

/** The question of the page that is shown, for those that aren't handed it as a prop. */
export const question = reactive({
  asked: { text: "", like: [], unlike: [], filters: [], back: [], sound: "" },
});

function path({ text, like, unlike, filters, back }, changes = {}) {
  return searchPath({ text, like: ids(like), unlike: ids(unlike), filters, back, ...changes });
}

/** Another sentence about the same; what was taken back of the one before doesn't matter to it. */
export const withText = (asked, text) =>
  path(asked, { text, back: text.trim() === asked.text ? asked.back : [] });

export const withFilters = (asked, filters) => path(asked, { filters });

/** A name chosen while typing becomes a filter; what was typed of it isn't part of the question. */
export const withFilterFor = (asked, filter) =>
  path(asked, { text: "", back: [], filters: including(asked.filters, filter) });

export const takenBack = (asked, chip) => path(asked, { back: including(asked.back, chip) });

export const meantAgain = (asked, chip) => path(asked, { back: except(asked.back, chip) });

/** Without some filters, wherever they come from: the form, or words of the sentence. */
export function dropping(asked, dropped) {
  const told = dropped.filter((one) => !asked.filters.includes(one));
  return path(asked, {
    filters: except(asked.filters, ...dropped),
    back: told.reduce(including, asked.back),
  });
}

export const unlinked = (asked, id) =>
  path(asked, { like: except(ids(asked.like), id), unlike: except(ids(asked.unlike), id) });

/** More like a track: beside those that it should be like already; a sentence is done with. */
export const moreLike = (asked, id) =>
  path(asked, {
    text: "",
    back: [],
    like: including(ids(asked.like), id),
    unlike: except(ids(asked.unlike), id),
  });

export const lessLike = (asked, id) =>
  path(asked, { like: except(ids(asked.like), id), unlike: including(ids(asked.unlike), id) });

export const onlyLike = (id) => searchPath({ like: [id] });
