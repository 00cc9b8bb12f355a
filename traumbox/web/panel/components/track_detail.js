import {
  atHand, clock, credit, facts, Icon, marks, moreLike, navigate, onlyLike, playMoment, question, say, searchField,
  Sheet, startRadio, TrackCover, url, Waveform,
} from "tb-core";

const WIDE = matchMedia("(min-width: 1320px)");

const Body = {
  components: { Icon, TrackCover, Waveform },
  template: `
    <div class="tb-detail">
      <TrackCover :track="hit.track" class="tb-detail-cover" />
      <h2 :id="titleId">{{ hit.track.title }}</h2>
      <p class="tb-credit"><span v-for="mark in marks" :key="mark.text" class="tb-tag"
           :class="mark.tone">{{ mark.text }}</span>{{ credit(hit.track) || hit.track.path }}</p>
      <p class="tb-detail-facts tb-num">{{ about }}</p>
      <div class="tb-detail-deeds">
        <a class="tb-chip" :href="moreHref"><Icon name="alike" />{{ texts.more_like }}</a>
        <button type="button" class="tb-chip" @click="likeThisBut"><Icon name="edit" />{{ texts.like_but }}</button>
        <button type="button" class="tb-chip" @click="startRadio(texts, hit.track)"><Icon name="radio" />
          {{ texts.radio }}</button>
      </div>
      <h3 class="tb-caption">{{ moments.length ? texts.where : texts.waveform }}</h3>
      <button type="button" class="tb-detail-wave" :aria-label="label('play_moment', startS)"
              @click="clickWave">
        <Waveform :track="hit.track" :start-s="hit.start_s" :heat="heat" />
      </button>
      <ol v-if="moments.length" class="tb-moments">
        <li v-for="moment in moments" :key="moment.start_s">
          <button type="button" class="tb-num" :aria-label="momentLabel(moment)"
                  @click="playMoment(hit.track, moment.start_s)">
            <Icon name="play" /><b>{{ clock(moment.start_s) }}</b>
            <span class="tb-bar"><span :style="{ width: moment.match + '%' }"></span></span>
            <span>{{ moment.match }}</span>
          </button>
        </li>
      </ol>
      <template v-if="similar.length">
        <h3 class="tb-caption">{{ texts.alike }}</h3>
        <ul class="tb-similar">
          <li v-for="other in similar" :key="other.track.id">
            <button type="button" :aria-label="label('play_track', other.start_s, other.track)"
                    @click="playMoment(other.track, other.start_s)">
              <TrackCover :track="other.track" />
              <span class="tb-names"><span class="tb-title">{{ other.track.title }}</span>
                <span class="tb-credit">{{ other.track.artist || other.track.path }}</span></span>
            </button>
          </li>
        </ul>
        <a class="tb-chip" :href="alikeHref">{{ texts.all_alike }}</a>
      </template>
    </div>`,
  props: { hit: Object, heat: String, moments: Array, similar: Array, texts: Object, titleId: String },
  computed: {
    about() {
      const { genre, year } = this.hit.track;
      return [...facts(this.texts, this.hit.track), genre, year].filter(Boolean).join(" · ");
    },
    marks() {
      return marks(this.texts, this.hit.track);
    },
    startS() {
      return this.hit.start_s ?? 0;
    },
    alikeHref() {
      return url(onlyLike(this.hit.track.id));
    },
    moreHref() {
      return url(moreLike(question.asked, this.hit.track.id));
    },
  },
  methods: {
    clock,
    credit,
    playMoment,
    startRadio,
    likeThisBut() {
      navigate(onlyLike(this.hit.track.id));
      searchField.wanted = true;
    },
    label(key, startS, track = this.hit.track) {
      return say(this.texts, key, { title: track.title, time: clock(startS) });
    },
    momentLabel(moment) {
      return say(this.texts, "moment", { time: clock(moment.start_s), match: moment.match });
    },
    clickWave(event) {
      const { left, width } = event.currentTarget.getBoundingClientRect();
      const place = (event.clientX - left) / width;
      const isByKeyboard = event.detail === 0;
      playMoment(this.hit.track, isByKeyboard ? this.startS : place * this.hit.track.duration_s);
    },
  },
};

/** One track closely: beside the results where there is room, else as a sheet. */
export default {
  components: { Body, Sheet },
  template: `
    <div class="tb-side">
      <aside v-if="wide && hit" :aria-label="texts.label">
        <Body v-bind="body" title-id="tb-detail-title" />
      </aside>
      <Sheet v-if="!wide" :open="sheet && !!hit" :title="texts.label" title-id="tb-detail-sheet"
             :close-label="texts.close" @close="close">
        <Body v-if="hit" v-bind="body" title-id="tb-detail-title" />
      </Sheet>
    </div>`,
  props: {
    hit: { type: Object, default: null },
    away: { type: Array, default: null }, // the folders that are offline, once it is known
    heat: { type: String, default: "" },
    moments: { type: Array, default: () => [] },
    similar: { type: Array, default: () => [] },
    sheet: Boolean,
    texts: Object,
  },
  emits: ["close"],
  data: () => ({ wide: WIDE.matches }),
  computed: {
    body() {
      const { heat, moments, texts } = this;
      const similar = this.similar.map((other) => atHand(other, this.away));
      return { hit: this.hit && atHand(this.hit, this.away), heat, moments, similar, texts };
    },
  },
  mounted() {
    WIDE.addEventListener("change", this.resized);
  },
  unmounted() {
    WIDE.removeEventListener("change", this.resized);
  },
  methods: {
    resized() {
      this.wide = WIDE.matches;
    },
    close() {
      this.$emit("close");
    },
  },
};
