import {
  Confirmation,
  fetchWork,
  Icon,
  keepFocus,
  mainContent,
  ModelCard,
  modelNames,
  say,
  size,
  WorkProgress,
} from "tb-core";

/** The models: which one answers, what the others would be good for, and how to get them. */
export default {
  components: { Confirmation, Icon, ModelCard, WorkProgress },
  mixins: [keepFocus],
  template: `
    <div class="tb-page">
      <header class="tb-headline">
        <h1>{{ texts.title }}</h1>
        <p role="status">{{ news }}</p>
      </header>
      <p class="tb-notice" :class="{ 'tb-gone': !status.notice }" role="status">
        <Icon name="model" /><span>{{ status.notice }}</span></p>
      <div class="tb-model-choice">
        <p class="tb-note">{{ texts.lead }} {{ choice }}</p>
        <button v-if="status.wanted !== 'auto'" type="button" class="tb-link"
                @click="$emit('act', { do: 'use', name: 'auto' })">{{ texts.choose_itself }}</button>
      </div>
      <p v-if="said.auto?.problem" class="tb-problem" role="alert">{{ said.auto.problem }}</p>
      <ModelCard v-for="model in shown" :key="model.name" :model="model" :names="names"
                 :fetch="status.fetch?.model === model.name ? status.fetch : null"
                 :change="status.change?.new === model.name ? status.change : null"
                 :tracks-in-use="tracksInUse" :texts="texts"
                 :busy="busy[model.name]" :said="said[model.name] ?? {}" @act="act(model, $event)" />
      <section class="tb-card" aria-labelledby="tb-import-title">
        <h2 id="tb-import-title">{{ texts.import_title }}</h2>
        <p id="tb-import-hint" class="tb-note">{{ texts.import_hint }}</p>
        <form class="tb-import" novalidate @submit.prevent="bringIn">
          <label for="tb-import-path">{{ texts.import_path }}</label>
          <input id="tb-import-path" ref="path" v-model="path" type="text" class="tb-input"
                 autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="4096"
                 :placeholder="texts.import_example" :aria-invalid="problem ? 'true' : null"
                 :aria-describedby="'tb-import-hint' + (problem ? ' tb-import-problem' : '')">
          <button type="submit" class="tb-chip" :aria-disabled="!!busy.import || null">
            {{ texts.import }}</button>
        </form>
        <template v-if="takingIn">
          <WorkProgress :work="takingIn" />
          <div class="tb-deeds">
            <button type="button" class="tb-chip"
                    @click="$emit('act', { do: 'stop', name: 'import' })">{{ texts.stop }}</button>
          </div>
        </template>
        <p class="tb-said" role="status">{{ said.import?.news }}</p>
        <p v-if="problem" id="tb-import-problem" class="tb-problem" role="alert">{{ problem }}</p>
      </section>
      <Confirmation ref="confirmation" />
    </div>`,
  props: {
    status: Object,
    busy: { type: Object, default: () => ({}) }, // what is being done, by model or "import"
    said: { type: Object, default: () => ({}) }, // {news, problem}, in the same way
    texts: Object,
  },
  emits: ["act"],
  data: () => ({ path: "", news: "" }),
  computed: {
    shown() {
      const { fetch, change } = this.status;
      const isAtWork = (name) => fetch?.model === name || change?.new === name;
      return this.status.models.filter(
        (model) =>
          model.state !== "absent" || model.download_bytes || model.tracks || isAtWork(model.name),
      );
    },
    names() {
      return modelNames(this.texts, this.status.models);
    },
    tracksInUse() {
      return this.status.models.find((model) => model.serving)?.tracks ?? 0;
    },
    choice() {
      const { wanted } = this.status;
      if (wanted === "auto") return this.texts.auto;
      return say(this.texts, "chosen", { title: this.names[wanted] });
    },
    takingIn() {
      const { fetch, models } = this.status;
      // A file of which it isn't known yet what model it holds.
      const isNamed = models.some((model) => model.name === fetch?.model);
      return fetch && !isNamed ? fetchWork(this.texts, fetch) : null;
    },
    problem() {
      return this.said.import?.problem;
    },
  },
  watch: {
    "status.serving"(name, before) {
      if (before) this.news = say(this.texts, "switched", { model: this.names[name] });
    },
    // Of the words, not of what holds them: that is another object with every update.
    "said.import.news"(news) {
      if (news) this.path = "";
    },
    "said.import.problem"(problem) {
      if (problem) this.$refs.path.focus();
    },
  },
  mounted() {
    document.title = this.texts.page_title;
  },
  methods: {
    fallback: mainContent,
    act(model, action) {
      const go = () => this.$emit("act", { do: action.do, name: model.name });
      if (!action.ask) go();
      else {
        const isLoss = action.do === "remove";
        const question = {
          title: say(this.texts, `ask_${action.do}`, { title: model.title }),
          lines: isLoss ? this.losses(model) : this.consequences(model),
          yes: this.texts[`yes_${action.do}`],
          no: this.texts[`no_${action.do}`],
          isLoss,
        };
        this.$refs.confirmation.ask(question, go);
      }
    },
    losses(model) {
      const values = { count: model.tracks, size: size(model.download_bytes) };
      const { state, download_bytes: bytes } = model;
      return [
        state === "absent" ? "" : this.texts.lost_files,
        model.tracks ? say(this.texts, "lost_tracks", values) : "",
        state === "absent" ? "" : say(this.texts, bytes ? "lost_size" : "lost_made", values),
        say(this.texts, "kept", { serving: this.names[this.status.serving] }),
      ].filter(Boolean);
    },
    consequences(model) {
      const { change } = this.status;
      const [done, total] =
        change?.new === model.name ? [change.done, change.total] : [model.tracks, this.tracksInUse];
      return [
        say(this.texts, "switch_share", { done, total }),
        this.texts.switch_rest,
        say(this.texts, "switch_back", { serving: this.names[this.status.serving] }),
      ];
    },
    bringIn() {
      if (!this.busy.import) this.$emit("act", { do: "import", path: this.path });
    },
  },
};
