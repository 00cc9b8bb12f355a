import { CommandLine } from "./command_line.js";
import { count, fromNow, say, sentence, span } from "./format.js";
import { Icon } from "./icon.js";
import { keepFocus } from "./keep_focus.js";

const STATES = ["indexed", "pending", "failed", "excluded"];

/** One watched folder: how it is, what is in it, and how its changes are noticed. */
export const FolderCard = {
  components: { CommandLine, Icon },
  mixins: [keepFocus],
  template: `
    <article class="tb-card tb-folder" :class="{ off: isOffline }" tabindex="-1"
             :aria-labelledby="titleId">
      <header class="tb-card-head">
        <i class="tb-colour" aria-hidden="true" :style="{ background: folder.colour }"></i>
        <h2 :id="titleId">{{ folder.name }}</h2>
        <span class="tb-tag" :class="tag.tone">{{ tag.text }}</span>
        <span v-if="folder.kind !== 'auto'" class="tb-tag plain">{{ texts["kind_" + folder.kind] }}</span>
        <span v-if="folder.priority !== 'normal'" class="tb-tag plain">
          {{ texts["priority_" + folder.priority] }}</span>
      </header>
      <p class="tb-folder-path"><code>{{ folder.path }}</code></p>
      <div v-if="folder.note" class="tb-card-note" :class="{ off: isOffline }">
        <p>{{ sentence(folder.note) }}</p>
        <p v-if="folder.remedy">{{ sentence(folder.remedy) }}</p>
        <p v-if="isOffline && total">{{ texts.offline_kept }}</p>
      </div>
      <div v-if="counts.pending && total" class="tb-bar" role="progressbar"
           :aria-label="texts.progress" aria-valuemin="0" :aria-valuemax="total"
           :aria-valuenow="total - counts.pending"><span :style="{ width: share }"></span></div>
      <ul class="tb-tally tb-num" :aria-label="texts.counts">
        <li><b>{{ count(total) }}</b> {{ say(texts, "files", { count: total }) }}</li>
        <li v-for="state in states" :key="state" :class="[state, { some: counts[state] }]">
          <b>{{ count(counts[state]) }}</b> {{ texts[state] }}</li>
        <li v-if="counts.missing" class="missing"><b>{{ count(counts.missing) }}</b> {{ texts.missing }}</li>
      </ul>
      <dl class="tb-facts-line">
        <div><dt>{{ texts.changes }}</dt><dd>{{ watched }}</dd></div>
        <div><dt>{{ texts.last_look }}</dt><dd class="tb-num">{{ lastLook }}</dd></div>
        <div v-if="folder.next_scan_s"><dt>{{ texts.next_look }}</dt>
          <dd class="tb-num">{{ fromNow(Math.max(0, folder.next_scan_s - nowS)) }}</dd></div>
        <div v-if="patterns"><dt>{{ texts.patterns }}</dt><dd>{{ patterns }}</dd></div>
      </dl>
      <div v-if="folder.watch.note && !isOffline" class="tb-card-note">
        <p>{{ sentence(folder.watch.note) }}</p>
        <template v-if="folder.watch.remedy">
          <p>{{ texts.watch_remedy }}</p>
          <CommandLine :command="folder.watch.remedy" :texts="texts" />
        </template>
      </div>
      <p v-if="folder.unreadable" class="tb-card-note off">{{ unreadable }}</p>
      <div class="tb-deeds">
        <button v-for="deed in deeds" :key="deed.do" type="button" class="tb-chip"
                :aria-disabled="busy || null" @click="busy || $emit('act', deed.do)">
          <Icon :name="deed.icon" />{{ deed.text }}
          <span class="tb-hidden">{{ folder.name }}</span></button>
      </div>
      <p class="tb-said" role="status">{{ said.news }}</p>
      <p v-if="said.problem" class="tb-problem" role="alert">{{ said.problem }}</p>
    </article>`,
  props: {
    folder: Object,
    number: Number, // its place in the list: names don't do for ids
    nowS: Number,
    pollEveryS: Number,
    busy: { type: String, default: "" },
    said: { type: Object, default: () => ({}) },
    texts: Object,
  },
  emits: ["act"],
  data: () => ({ states: STATES }),
  computed: {
    titleId() {
      return `tb-folder-${this.number}`;
    },
    counts() {
      return this.folder.counts;
    },
    total() {
      return STATES.reduce((sum, state) => sum + this.counts[state], 0);
    },
    share() {
      return `${((this.total - this.counts.pending) / this.total) * 100}%`;
    },
    isOffline() {
      const { online, looked, note } = this.folder;
      return !online && (looked || note !== ""); // else it hasn't been looked at yet
    },
    tag() {
      if (this.isOffline) return { tone: "off", text: this.texts.offline };
      if (!this.folder.looked) return { tone: "busy", text: this.texts.looking };
      return { tone: "", text: this.texts.online };
    },
    watched() {
      const every = span(this.pollEveryS);
      return say(this.texts, `watch_${this.folder.watch.mode}`, { every });
    },
    lastLook() {
      const { last_scan_s: last } = this.folder;
      return last ? fromNow(Math.min(0, last - this.nowS)) : this.texts.never;
    },
    patterns() {
      const { include, exclude } = this.folder;
      return [
        include.length && say(this.texts, "only", { patterns: include.join(", ") }),
        exclude.length && say(this.texts, "without", { patterns: exclude.join(", ") }),
      ]
        .filter(Boolean)
        .join(" · ");
    },
    unreadable() {
      return say(this.texts, "unreadable", { count: this.folder.unreadable });
    },
    deeds() {
      return [
        { do: "scan", icon: "refresh", text: this.texts.scan },
        { do: "edit", icon: "edit", text: this.texts.edit },
        { do: "remove", icon: "close", text: this.texts.remove },
      ];
    },
  },
  methods: {
    count,
    fromNow,
    say,
    sentence,
    fallback() {
      return this.$el;
    },
  },
};
