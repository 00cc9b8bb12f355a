import { Icon, say, searchPath, url } from "tb-core";

/** What the search page shows without a query: how to begin, or phrases to begin with. */
export default {
  components: { Icon },
  template: `
    <section v-if="state === 'starters'" class="tb-welcome" aria-labelledby="tb-welcome-title">
      <h1 id="tb-welcome-title">{{ texts.ask }}</h1>
      <p class="tb-lead">{{ texts.ask_hint }}</p>
      <ul class="tb-starters">
        <li v-for="phrase in starters" :key="phrase">
          <a class="tb-starter" :href="href(phrase)"><Icon name="spark" />{{ phrase }}</a></li>
      </ul>
    </section>
    <section v-else-if="state === 'making'" class="tb-card tb-first" aria-labelledby="tb-first-title">
      <h1 id="tb-first-title">{{ demo ? texts.making_demo : texts.making }}</h1>
      <p class="tb-lead" role="status">{{ progressText }}</p>
      <div class="tb-bar tb-bar-large" role="progressbar" :aria-label="texts.making"
           aria-valuemin="0" :aria-valuemax="total || 1" :aria-valuenow="done"
           :class="{ busy: !done }"><span :style="{ width: share }"></span></div>
      <p class="tb-note">{{ texts.making_hint }}</p>
    </section>
    <section v-else-if="state === 'empty'" class="tb-card tb-first" aria-labelledby="tb-first-title">
      <h1 id="tb-first-title">{{ texts.welcome }}</h1>
      <p class="tb-lead">{{ folders.length ? texts.no_music : texts.no_folders }}</p>
      <div class="tb-ways">
        <div>
          <h2>{{ texts.own_title }}</h2>
          <template v-if="folders.length">
            <p>{{ texts.own_copy }}</p>
            <ul class="tb-paths"><li v-for="folder in folders" :key="folder.name">
              <code>{{ folder.path }}</code><span v-if="folder.note"> {{ folder.note }}</span></li></ul>
          </template>
          <template v-else>
            <p>{{ texts.own_add }}</p>
            <a class="tb-primary" :href="url('/folders')">{{ texts.own_folder }}</a>
            <details>
              <summary>{{ texts.own_configure }} <code>{{ configFile }}</code></summary>
              <pre tabindex="0" :aria-label="texts.own_lines"><code>{{ lines }}</code></pre>
              <button type="button" class="tb-chip" @click="$emit('reload')">
                <Icon name="refresh" />{{ texts.own_reload }}</button>
            </details>
          </template>
        </div>
        <div>
          <h2>{{ texts.demo_title }}</h2>
          <p>{{ texts.demo_text }}</p>
          <button type="button" class="tb-primary" @click="$emit('demo')">{{ texts.demo_button }}</button>
          <p v-if="problem" class="tb-problem" role="alert">{{ problem }}</p>
        </div>
      </div>
    </section>`,
  props: {
    state: { type: String, default: "" }, // "starters", "making", "empty" or nothing at all
    starters: { type: Array, default: () => [] },
    folders: { type: Array, default: () => [] },
    status: { type: Object, default: () => ({}) },
    demo: Boolean,
    configFile: String,
    lines: String,
    problem: { type: String, default: "" },
    texts: Object,
  },
  emits: ["demo", "reload"],
  computed: {
    done() {
      return this.status.indexed + this.status.failed;
    },
    total() {
      return this.done + this.status.pending;
    },
    share() {
      return this.total ? `${(this.done / this.total) * 100}%` : "0";
    },
    progressText() {
      if (!this.total) return this.demo ? this.texts.composing : this.texts.making_first;
      return say(this.texts, "heard", { done: this.done, total: this.total });
    },
  },
  methods: {
    url,
    href: (phrase) => url(searchPath({ text: phrase })),
  },
};
