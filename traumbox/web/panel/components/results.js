import { atHand, enqueue, playback, playHit, ResultRow, say, TrackMenu, toggle } from "tb-core";

const WIDE = "(min-width: 1320px)"; // where the detail column is

/** A headline and a list of tracks: answers to a query, or what was added lately. */
export default {
  components: { ResultRow, TrackMenu },
  template: `
    <section class="tb-results" :aria-busy="state === 'busy'" aria-labelledby="tb-results-title">
      <header class="tb-headline">
        <component :is="kind === 'recent' ? 'h2' : 'h1'" id="tb-results-title">{{ heading }}</component>
        <p class="tb-num" role="status">{{ summary }}</p>
      </header>
      <div v-if="message" class="tb-message" role="status">
        <p class="tb-message-title">{{ message }}</p>
        <p v-if="hint">{{ hint }}</p>
      </div>
      <p v-if="nothingFits" class="tb-nearest" role="status">
        <b>{{ nothingLikeThat }}</b> {{ texts.nearest }}</p>
      <ol v-if="hits.length" class="tb-list" :class="{ stale: state === 'busy' }"
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
      <TrackMenu ref="menu" :texts="texts" @queued="tell" @details="details" />
      <p class="tb-toast" :class="{ shown: news }" role="status">{{ news }}</p>
    </section>`,
  props: {
    state: { type: String, default: "busy" }, // "busy", "done"
    kind: { type: String, default: "text" }, // "text", "like" or "recent"
    query: { type: String, default: "" }, // what was asked, or what it shall sound like
    answer: { type: Object, default: null }, // { searched, total, took_ms, pending }
    message: { type: String, default: "" },
    hint: { type: String, default: "" },
    hits: { type: Array, default: () => [] },
    away: { type: Array, default: null }, // the folders that are offline, once it is known
    texts: Object,
  },
  emits: ["select"],
  data: () => ({ news: "", selected: "" }),
  computed: {
    shown() {
      return this.hits.map((hit) => atHand(hit, this.away));
    },
    fitting() {
      return this.hits.filter((hit) => hit.fits).length; // they come first
    },
    nothingFits() {
      return this.hits.length > 0 && !this.fitting;
    },
    nothingLikeThat() {
      return this.answer?.pending ? this.texts.nothing_yet : this.texts.nothing_fits;
    },
    heading() {
      return this.texts[`heading_${this.kind}`];
    },
    summary() {
      if (this.state === "busy") return this.texts.busy;
      if (!this.answer || !this.hits.length) return "";
      const { searched, total, took_ms: took, pending } = this.answer;
      const among = say(this.texts, pending ? "summary_partial" : "summary", {
        count: this.fitting,
        searched,
        total,
      });
      return `${among} · ${say(this.texts, "took", { ms: Math.max(1, Math.round(took)) })}`;
    },
    title() {
      return this.query ? say(this.texts, `title_${this.kind}`, { query: this.query }) : "traumbox";
    },
  },
  watch: {
    hits: { handler: "selectFirst", immediate: true },
    title: {
      handler(title) {
        document.title = title;
      },
      immediate: true,
    },
  },
  methods: {
    play(index, atS) {
      playHit(this.shown, index, atS);
      this.select(this.hits[index]);
    },
    selectFirst() {
      this.selected = "";
      // What only comes near isn't held up as the answer.
      if (this.fitting && this.kind !== "recent") this.select(this.hits[0]);
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
      if (playback.track?.id === this.hits[index].track.id) toggle();
      else this.play(index);
    },
    add(track) {
      enqueue(track);
      this.tell(track);
    },
    tell(track) {
      this.news = say(this.texts, "queued", { title: track.title });
      clearTimeout(this.timer);
      this.timer = setTimeout(() => (this.news = ""), 4000);
    },
  },
  unmounted() {
    clearTimeout(this.timer);
  },
};
