import { count, Icon, keepFocus, mainContent, say, shortcutSheet, standalone, timeLeft, url } from "tb-core";

/** Files by name, each with its reason, if there is one, and something to be done about it. */
const FileList = {
  template: `
    <ul class="tb-failures">
      <li v-for="file in files.items" :key="file.id">
        <div>
          <p class="tb-path">{{ file.path }} <span class="tb-credit">{{ file.folder }}</span></p>
          <p v-if="reasons" class="tb-reason">{{ file.reason || texts.failed_unknown }}</p>
        </div>
        <button type="button" class="tb-chip" :aria-label="label(file)"
                @click="$emit('hear', file.id)">{{ deed }}</button>
      </li>
    </ul>
    <button v-if="files.more" type="button" class="tb-chip" @click="$emit('more')">{{ texts.more }}</button>`,
  props: { files: Object, reasons: Boolean, texts: Object },
  emits: ["hear", "more"],
  computed: {
    deed() {
      return this.reasons ? this.texts.retry : this.texts.hear_now;
    },
  },
  methods: {
    label(file) {
      return say(this.texts, this.reasons ? "retry_label" : "hear_label", { path: file.path });
    },
  },
};

/** What the appliance is doing: counts that add up, what waits, and what could not be heard. */
export default {
  components: { FileList, Icon },
  mixins: [keepFocus],
  template: `
    <div class="tb-page tb-activity">
      <header class="tb-headline">
        <h1>{{ texts.title }}</h1>
        <p role="status">{{ news }}</p>
        <div class="tb-deeds">
          <button type="button" class="tb-chip" @click="$emit('act', { do: hold })">
            <Icon :name="status.paused ? 'play' : 'pause'" />{{ texts[hold] }}</button>
          <button type="button" class="tb-chip" @click="$emit('act', { do: 'scan' })">
            <Icon name="refresh" />{{ texts.scan }}</button>
        </div>
      </header>
      <p v-if="problem" class="tb-problem" role="alert">{{ problem }}</p>
      <section class="tb-card" aria-labelledby="tb-now-title">
        <h2 id="tb-now-title">{{ headline }}</h2>
        <p v-if="rest" class="tb-card-note">{{ rest }}</p>
        <div v-if="status.pending" class="tb-bar tb-bar-large" role="progressbar"
             :aria-label="texts.listening" aria-valuemin="0" :aria-valuemax="status.total"
             :aria-valuenow="status.total - status.pending"><span :style="{ width: share }"></span></div>
        <dl v-if="status.pending" class="tb-facts-line tb-num">
          <div v-if="status.now_hearing"><dt>{{ texts.in_hand }}</dt><dd>{{ status.now_hearing }}</dd></div>
          <div v-if="status.tracks_per_minute"><dt>{{ texts.rate }}</dt><dd>{{ rate }}</dd></div>
          <div v-if="left"><dt>{{ texts.left }}</dt><dd>{{ left }}</dd></div>
        </dl>
        <p v-else-if="!ready" class="tb-note">{{ reason }}</p>
        <ul class="tb-counts tb-num" :aria-label="texts.counts">
          <li v-for="name in ['indexed', 'pending', 'failed', 'excluded']" :key="name" :class="[name, { some: status[name] }]">
            <b>{{ count(status[name]) }}</b> {{ texts[name] }}</li>
          <li class="total"><b>{{ count(status.total) }}</b> {{ texts.total }}</li>
        </ul>
        <p v-if="status.missing" class="tb-note tb-missing tb-num">
          {{ count(status.missing) }} {{ texts.missing }}</p>
        <p v-if="status.outdated" class="tb-note tb-num">{{ outdated }}</p>
      </section>
      <section class="tb-card" aria-labelledby="tb-folders-title">
        <h2 id="tb-folders-title">{{ texts.folders }}</h2>
        <p class="tb-folders-line">{{ watched }}
          <span v-for="line in attention" :key="line" class="tb-warned">{{ line }}</span>
          <a class="tb-link" :href="url('/folders')">{{ texts.to_folders }}</a></p>
      </section>
      <section v-if="status.pending" class="tb-card" aria-labelledby="tb-waiting-title">
        <div class="tb-card-head">
          <h2 id="tb-waiting-title">{{ texts.waiting_title }}</h2>
          <button type="button" class="tb-chip" :aria-expanded="showsWaiting" @click="toggleWaiting">
            {{ showsWaiting ? texts.waiting_hide : texts.waiting_show }}</button>
        </div>
        <FileList v-if="showsWaiting && pending" :files="pending" :texts="texts"
                  @hear="$emit('act', { do: 'hear', id: $event })" @more="$emit('more', 'pending')" />
      </section>
      <section class="tb-card" aria-labelledby="tb-failed-title">
        <div class="tb-card-head">
          <h2 id="tb-failed-title">{{ texts.failed_title }}</h2>
          <button v-if="failed.items.length" type="button" class="tb-chip"
                  @click="$emit('act', { do: 'retry' })">{{ texts.retry_all }}</button>
        </div>
        <p class="tb-note">{{ failed.items.length ? texts.failed_hint : texts.failed_none }}</p>
        <FileList v-if="failed.items.length" :files="failed" reasons :texts="texts"
                  @hear="$emit('act', { do: 'hear', id: $event })" @more="$emit('more', 'failed')" />
      </section>
      <button type="button" class="tb-link tb-phone-only" aria-haspopup="dialog" @click="sheet.open = true">
        {{ texts.shortcuts }}</button>
    </div>`,
  props: {
    status: Object,
    ready: Boolean,
    reason: String,
    folders: { type: Object, default: () => ({ count: 0, offline: 0, held: 0 }) },
    failed: { type: Object, default: () => ({ items: [], more: false }) },
    pending: { type: Object, default: null }, // what waits, once it is asked for
    news: { type: String, default: "" },
    problem: { type: String, default: "" },
    texts: Object,
  },
  emits: ["act", "list", "more"],
  data: () => ({ sheet: shortcutSheet, showsWaiting: false }),
  computed: {
    hold() {
      return this.status.paused ? "resume" : "pause";
    },
    headline() {
      const { resting, paused } = this.status;
      if (resting) return standalone(resting);
      if (paused) return this.texts.paused;
      if (this.status.pending) return this.texts.listening;
      return this.status.total ? this.texts.idle : this.texts.nothing;
    },
    rest() {
      if (this.status.paused) return this.texts.paused_hint;
      return this.status.resting ? this.texts.resting_hint : "";
    },
    share() {
      return `${((this.status.total - this.status.pending) / this.status.total) * 100}%`;
    },
    rate() {
      return say(this.texts, "per_minute", { rate: Math.round(this.status.tracks_per_minute) });
    },
    left() {
      return timeLeft(this.texts, this.status.eta_s);
    },
    outdated() {
      return say(this.texts, "outdated", { count: this.status.outdated });
    },
    watched() {
      const { count: number } = this.folders;
      return number ? say(this.texts, "folders", { count: number }) : this.texts.no_folders;
    },
    attention() {
      const { offline, held } = this.folders;
      return [
        offline && say(this.texts, "offline", { count: offline }),
        held && say(this.texts, "held", { count: held }),
      ].filter(Boolean);
    },
  },
  mounted() {
    document.title = this.texts.page_title;
  },
  methods: {
    count,
    url,
    fallback: mainContent,
    toggleWaiting() {
      this.showsWaiting = !this.showsWaiting;
      if (this.showsWaiting) this.$emit("list");
    },
  },
};
