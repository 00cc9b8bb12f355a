import { say } from "./format.js";

const KINDS = ["auto", "music", "audiobook", "podcast"];
const PRIORITIES = ["first", "normal", "last"];
const EMPTY = { path: "", name: "", colour: "", kind: "auto", priority: "normal" };

/** The fields of a folder, to be watched or to be changed; `folder` is the one to be changed. */
export const FolderForm = {
  template: `
    <form class="tb-form" novalidate @submit.prevent="submit">
      <template v-if="!folder">
        <label :for="id('path')">{{ texts.path }}</label>
        <input :id="id('path')" ref="path" v-model="fields.path" type="text" class="tb-input"
               autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="4096"
               :placeholder="texts.path_example" :aria-invalid="problem ? 'true' : null"
               :aria-describedby="id('path-hint') + (problem ? ' ' + id('problem') : '')">
        <p v-if="problem" :id="id('problem')" class="tb-problem" role="alert">{{ problem }}</p>
        <p :id="id('path-hint')" class="tb-hint">{{ texts.path_hint }}</p>
      </template>
      <label :for="id('name')">{{ texts.name }}</label>
      <input :id="id('name')" ref="name" v-model="fields.name" type="text" class="tb-input"
             autocomplete="off" maxlength="80" :placeholder="suggestedName">
      <fieldset class="tb-swatches">
        <legend>{{ texts.colour }}</legend>
        <label v-for="colour in colours" :key="colour" :title="colourName(colour)">
          <input v-model="fields.colour" type="radio" :name="id('colour')" :value="colour"
                 :aria-label="colourName(colour)">
          <i aria-hidden="true" :style="{ background: colour }"></i></label>
      </fieldset>
      <component :is="folder ? 'div' : 'details'" class="tb-form-more">
        <summary v-if="!folder">{{ texts.more }}</summary>
        <div class="tb-form">
          <label :for="id('kind')">{{ texts.kind }}</label>
          <select :id="id('kind')" v-model="fields.kind" class="tb-input">
            <option v-for="kind in kinds" :key="kind" :value="kind">{{ texts["kind_" + kind] }}</option>
          </select>
          <label :for="id('priority')">{{ texts.priority }}</label>
          <select :id="id('priority')" v-model="fields.priority" class="tb-input">
            <option v-for="priority in priorities" :key="priority" :value="priority">
              {{ texts["priority_" + priority] }}</option>
          </select>
          <template v-for="list in ['include', 'exclude']" :key="list">
            <label :for="id(list)">{{ texts[list] }}</label>
            <textarea :id="id(list)" v-model="fields[list]" class="tb-input" rows="2"
                      autocapitalize="off" spellcheck="false"
                      :placeholder="texts['example_' + list]" :aria-describedby="id('patterns')">
            </textarea>
          </template>
          <p :id="id('patterns')" class="tb-hint">{{ texts.patterns_hint }}</p>
        </div>
      </component>
      <p v-if="folder && problem" class="tb-problem" role="alert">{{ problem }}</p>
      <div class="tb-deeds">
        <button type="submit" class="tb-primary" :aria-disabled="busy || null">
          {{ folder ? texts.save : texts.watch }}</button>
        <button v-if="cancellable" type="button" class="tb-chip" @click="$emit('cancel')">
          {{ texts.cancel }}</button>
      </div>
    </form>`,
  props: {
    folder: { type: Object, default: null },
    palette: { type: Array, default: () => [] },
    problem: { type: String, default: "" },
    busy: { type: Boolean, default: false },
    cancellable: { type: Boolean, default: true },
    prefix: String, // of the ids
    texts: Object,
  },
  emits: ["save", "cancel"],
  data() {
    // A copy: what is being typed must not change with the folder.
    const { include = [], exclude = [], ...said } = this.folder ?? {};
    const fields = Object.fromEntries(
      Object.keys(EMPTY).map((key) => [key, said[key] ?? EMPTY[key]]),
    );
    fields.include = include.join("\n");
    fields.exclude = exclude.join("\n");
    return { fields, kinds: KINDS, priorities: PRIORITIES };
  },
  computed: {
    colours() {
      const own = this.folder?.colour;
      return own && !this.palette.includes(own) ? [own, ...this.palette] : this.palette;
    },
    suggestedName() {
      return this.fields.path.replace(/\/+$/, "").split("/").pop() || this.texts.name_example;
    },
  },
  watch: {
    problem(problem) {
      if (problem) (this.$refs.path ?? this.$refs.name).focus();
    },
  },
  methods: {
    id(name) {
      return `${this.prefix}-${name}`;
    },
    colourName(colour) {
      const key = `colour_${colour.slice(1)}`;
      return key in this.texts ? this.texts[key] : say(this.texts, "another_colour", { colour });
    },
    submit() {
      if (!this.busy) this.$emit("save", { ...this.fields });
    },
  },
};
