import {
  atHand, chipWords, enqueue, journey, NothingLeft, playback, playHit, ResultRow, say, soundSearch, tell, toast,
  toggle, TrackMenu, url, withText,
} from "tb-core";

const WIDE = "(min-width: 1320px)"; // where the detail column is

/** A headline and a list of tracks: answers to a query, or what was added lately. */
export default {
  components: { NothingLeft, ResultRow, TrackMenu },
  template: `
    <section class="tb-results" :aria-busy="state === 'busy'" aria-labelledby="tb-results-title">
      <header class="tb-headline">
        <component :is="kind === 'recent' ? 'h2' : 'h1'" id="tb-results-title">{{ heading }}</component>
        <p class="tb-num" role="status">{{ summary }}</p>
      </header>
      <p v-if="meant" class="tb-meant">{{ texts.meant }}
        <a :href="meantHref">{{ meant }}</a>?</p>
      <p v-if="noteText" class="tb-note tb-list-note" role="status">{{ noteText }}</p>
      <div v-if="shownMessage" class="tb-message" role="status">
        <p class="tb-message-title">{{ shownMessage }}</p>
        <NothingLeft v-if="leftBy.length" :asked="asked" :left-by="leftBy" :texts="texts" />
        <p v-else-if="shownHint">{{ shownHint }}</p>
        <button v-if="isLost" type="button" class="tb-primary" @click="sound.open = true">
          {{ texts.choose_again }}</button>
      </div>
      <p v-if="nothingFits" class="tb-nearest" role="status">
        <b>{{ nothingLikeThat }}</b> {{ texts.nearest }}</p>
      <ol v-if="listed.length" class="tb-list" :class="{ stale: state === 'busy' }"
          :aria-label="heading">
        <template v-for="(hit, i) in shown" :key="hit.track.id">
          <li v-if="i > 0 && i === fitting" class="tb-less"><h2>{{ texts.less_like_it }}</h2></li>
          <ResultRow :hit="hit" :texts="texts"
                     @toggle="toggleHit(i)" @play="play(i)" @seek="play(i, $event)"
                     @enqueue="add(hit.track)" @more="$refs.menu.open(hit.track, $event)" />
        </template>
      </ol>
      <div v-else-if="state === 'busy'" class="tb-list" aria-hidden="true">
        <div v-for="n in 6" :key="n" class="tb-row tb-ghost"></div>
      </div>
      <TrackMenu ref="menu" :texts="texts" @queued="queued" @details="details" />
      <div v-if="journey.from" class="tb-picking" role="status">
        <p>{{ say(texts, "journey_pick", { title: journey.from.title }) }}</p>
        <button type="button" class="tb-link" @click="journey.from = null">{{ texts.journey_cancel }}</button>
      </div>
      <p class="tb-toast" :class="{ shown: toast.text }" role="status">{{ toast.text }}</p>
    </section>`,
  props: {
    state: { type: String, default: "busy" }, // "busy", "done"
    kind: { type: String, default: "text" }, // "text", "like", "filter", "sound" or "recent"
    asked: Object, // { text, like: [{ id, title }], unlike, filters, back, sound }
    answer: { type: Object, default: null }, // { searched, total, took_ms, pending }
    message: { type: String, default: "" },
    hint: { type: String, default: "" },
    note: { type: String, default: "" }, // what of the question was left out of account
    meant: { type: String, default: "" }, // "did you mean", or empty
    leftBy: { type: Array, default: () => [] }, // [{ filter, tracks }] where filters leave nothing
    hits: { type: Array, default: () => [] },
    away: { type: Array, default: null }, // the folders that are offline, once it is known
    texts: Object,
  },
  emits: ["select"],
  data: () => ({ selected: "", sound: soundSearch, journey, toast }),
  computed: {
    /** The answer to a sound: this browser has it, or it is lost. */
    soundAnswer() {
      return this.kind === "sound" ? this.sound.answers.get(this.asked.sound) : null;
    },
    isLost() {
      return this.kind === "sound" && !this.soundAnswer;
    },
    listed() {
      return this.kind === "sound" ? (this.soundAnswer?.hits ?? []) : this.hits;
    },
    numbers() {
      return this.soundAnswer ? { ...this.soundAnswer, pending: 0 } : this.answer;
    },
    shown() {
      return this.listed.map((hit) => atHand(hit, this.away));
    },
    fitting() {
      return this.listed.filter((hit) => hit.fits).length; // they come first
    },
    nothingFits() {
      return this.listed.length > 0 && !this.fitting;
    },
    nothingLikeThat() {
      return this.numbers?.pending ? this.texts.nothing_yet : this.texts.nothing_fits;
    },
    shownMessage() {
      if (this.isLost) return this.texts.sound_lost;
      return this.soundAnswer && !this.listed.length ? this.texts.sound_none : this.message;
    },
    shownHint() {
      return this.isLost ? this.texts.sound_lost_hint : this.hint;
    },
    noteText() {
      return this.soundAnswer ? this.soundAnswer.query.understood.note : this.note;
    },
    meantHref() {
      return url(withText(this.asked, this.meant));
    },
    heading() {
      return this.texts[`heading_${this.kind}`];
    },
    summary() {
      if (this.state === "busy") return this.texts.busy;
      if (!this.numbers || !this.listed.length) return "";
      const { searched, total, took_ms: took, pending } = this.numbers;
      const among = say(this.texts, pending ? "summary_partial" : "summary", {
        count: this.fitting,
        searched,
        total,
      });
      return `${among} · ${say(this.texts, "took", { ms: Math.max(1, Math.round(took)) })}`;
    },
    /** The page's title once the answer is there; until then it is that of the one before. */
    title() {
      if (this.state === "busy") return null;
      const { text, like, filters, sound } = this.asked;
      const titles = like.map((track) => track.title).filter(Boolean).join(", ");
      const but = text ? say(this.texts, "title_but", { titles, text }) : titles;
      const query = {
        text,
        like: but,
        sound,
        filter: filters.map((one) => chipWords(this.texts, one)).join(", "),
      }[this.kind];
      return query ? say(this.texts, `title_${this.kind}`, { query }) : "traumbox";
    },
  },
  watch: {
    listed: { handler: "selectFirst", immediate: true },
    title: {
      handler(title) {
        if (title !== null) document.title = title;
      },
      immediate: true,
    },
  },
  methods: {
    say,
    play(index, atS) {
      playHit(this.shown, index, atS);
      this.select(this.listed[index]);
    },
    selectFirst() {
      this.selected = "";
      // What only comes near isn't held up as the answer.
      if (this.fitting && this.kind !== "recent") this.select(this.listed[0]);
    },
    select(hit) {
      if (hit.track.id === this.selected || !matchMedia(WIDE).matches) return;
      this.selected = hit.track.id;
      this.$emit("select", { id: hit.track.id, sheet: false });
    },
    details(track) {
      this.selected = track.id;
      this.$emit("select", { id: track.id, sheet: !matchMedia(WIDE).matches });
    },
    toggleHit(index) {
      if (playback.track?.id === this.listed[index].track.id) toggle();
      else this.play(index);
    },
    add(track) {
      enqueue(track);
      this.queued(track);
    },
    queued(track) {
      tell(say(this.texts, "queued", { title: track.title }));
    },
  },
};
