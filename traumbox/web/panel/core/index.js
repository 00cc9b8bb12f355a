// What the panel's components share; they import all of it as "tb-core".

export {
  dropping, lessLike, meantAgain, moreLike, onlyLike, question, takenBack, unlinked, withFilterFor, withFilters, withText,
} from "./asked.js";
export {
  camelot, chipWords, conditionWords, dateSeconds, dateValue, daysAgo, KEYS, readCondition, writeCondition,
} from "./conditions.js";
export { Confirmation } from "./confirmation.js";
export { connection, followConnection } from "./connection.js";
export { conditionsOf, fieldsOf } from "./filter_fields.js";
export { FilterSheet } from "./filter_sheet.js";
export { FolderCard } from "./folder_card.js";
export { FolderForm } from "./folder_form.js";
export {
  clock, columns, count, credit, day, facts, fromNow, say, size, span, standalone, timeLeft,
} from "./format.js";
export { HeldCard } from "./held_card.js";
export { history, note } from "./history.js";
export { Icon } from "./icon.js";
export { keepFocus, mainContent } from "./keep_focus.js";
export { atHand, marks } from "./marks.js";
export { connectMediaSession } from "./media_session.js";
export { ModelCard } from "./model_card.js";
export { changeWork, fetchWork, modelNames } from "./model_work.js";
export { NothingLeft } from "./nothing_left.js";
export {
  audio, dismissRefusal, playback, resume, setVolume, skip, toggle, toggleMute,
} from "./playback.js";
export { reportPlays } from "./plays.js";
export { canGoOn, enqueue, next, playHit, playMoment, playOrPause, previous, queue } from "./queue.js";
export { QueueSheet } from "./queue_sheet.js";
export { Removals } from "./removals.js";
export { ResultRow } from "./result_row.js";
export { SearchChips } from "./search_chips.js";
export { SearchField, searchField } from "./search_field.js";
export { SeekBar } from "./seek_bar.js";
export { restoreSession } from "./session.js";
export { Sheet } from "./sheet.js";
export { ShortcutSheet, shortcutSheet } from "./shortcut_sheet.js";
export { bindShortcuts, shortcuts } from "./shortcuts.js";
export { onDropped, searchSound, soundSearch } from "./sound_search.js";
export { SoundSheet } from "./sound_sheet.js";
export { tell, toast } from "./toast.js";
export { TrackCover } from "./track_cover.js";
export { TrackMenu } from "./track_menu.js";
export { navigate, searchPath, url } from "./urls.js";
export { connectRadio, endJourney, journey, startRadio } from "./walks.js";
export { Waveform } from "./waveform.js";
export { WorkProgress } from "./work_progress.js";
