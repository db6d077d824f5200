//! Procedures as programs and pages see them, in one language.

use jiff::civil::Date;
use serde::Serialize;
use songhan_app::Cx;
use songhan_base::Lang;
use songhan_city::Term;

use crate::channel::Channel;
use crate::imported::view::NationalView;
use crate::procedure::{Exemptions, Fee, Procedure, Tier};

/// A procedure in a list.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ProcedureSummary {
    /// Mã thủ tục.
    #[schema(example = "2.000635")]
    pub code: String,
    /// The last part of its page's address.
    #[schema(example = "civil-status-copy")]
    pub name: String,
    #[schema(example = "Cấp bản sao trích lục hộ tịch")]
    pub title: String,
    /// 1 to 4: information, forms, partly online, fully online.
    #[schema(example = 4)]
    pub level: u8,
    #[schema(example = "civil-status")]
    pub field: String,
    #[schema(example = "Hộ tịch")]
    pub field_name: String,
    /// Whether it can be handed in online today.
    pub online: bool,
    /// Whether something is to be paid.
    pub has_fee: bool,
    /// Who sets the fee, where no amount is known here.
    #[schema(example = "Theo nghị quyết của Hội đồng nhân dân thành phố")]
    pub fee_note: Option<String>,
    /// Deadline in words.
    #[schema(example = "1 ngày làm việc")]
    pub deadline: Option<String>,
    /// At which levels of government it is handled.
    #[schema(example = json!(["commune"]))]
    pub tiers: Vec<Tier>,
    /// `city`: declared by the city; `national`: imported from the national catalogue.
    #[schema(example = "city")]
    pub origin: &'static str,
}

/// A procedure whole.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ProcedureView {
    #[serde(flatten)]
    pub summary: ProcedureSummary,
    /// Who handles it: a unit's code, or a kind of unit of which the applicant chooses one.
    #[schema(example = "commune")]
    pub agency: String,
    #[schema(example = "Uỷ ban nhân dân cấp xã")]
    pub agency_name: String,
    /// The units that take its dossiers.
    pub units: Vec<UnitView>,
    #[schema(value_type = Option<TermView>)]
    pub term: Option<Term>,
    pub stages: Vec<StageView>,
    pub fees: Vec<FeeView>,
    pub documents: Vec<PaperView>,
    pub legal: Vec<LawView>,
    pub result: Option<String>,
    /// For whom else someone may apply: `child`, `ward`, `household`, `authorised`.
    pub on_behalf: Vec<&'static str>,
    /// Who may apply: `citizen`, `overseas`, `foreigner`, `business`, `organisation` …
    #[schema(example = json!(["citizen", "foreigner"]))]
    pub applicants: Vec<String>,
    /// Codes of procedures that it sets off.
    pub starts: Vec<String>,
    /// Where these facts are from.
    pub source: Option<String>,
    /// Guidance as Markdown.
    pub guidance: String,
    /// The language that the guidance is in.
    #[schema(value_type = String, example = "vi")]
    pub guidance_lang: Lang,
    /// JSON Schema of the answers, where it can be handed in online.
    #[schema(value_type = Option<Object>)]
    pub form: Option<serde_json::Value>,
    /// Changes whenever the declaration does; a dossier keeps the version it began with.
    #[schema(example = "5f1d3c0a9b7e2d48")]
    pub version: String,
    /// What the national catalogue says beside it, where the procedure was imported from there.
    pub national: Option<NationalView>,
}

/// A deadline in the units that the law uses.
#[derive(Serialize, utoipa::ToSchema)]
pub struct TermView {
    #[schema(example = 1)]
    amount: u32,
    /// `days` and `hours` are working time.
    #[schema(example = "days")]
    unit: String,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct UnitView {
    #[schema(example = "ubnd-hai-chau")]
    pub code: String,
    #[schema(example = "Uỷ ban nhân dân phường Hải Châu")]
    pub name: String,
    pub address: Option<String>,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct TierView {
    #[schema(example = 3)]
    pub from: i64,
    /// In đồng.
    #[schema(example = 1000)]
    pub amount: i64,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct FeeView {
    #[schema(example = "copy")]
    pub id: String,
    #[schema(example = "Lệ phí cấp bản sao trích lục")]
    pub name: String,
    /// In đồng.
    #[schema(example = 8000)]
    pub amount: i64,
    /// In đồng, when handed in online, where that is less.
    pub online_amount: Option<i64>,
    /// `dossier`, `copy` or `page`.
    #[schema(example = "copy")]
    pub per: &'static str,
    /// Steps: from such a page or copy on each costs so much.
    pub tiers: Vec<TierView>,
    /// In đồng: the most for one copy, where pages are counted; for the dossier, where copies are.
    pub max: Option<i64>,
    /// The answer for which it is so much.
    pub case: Option<String>,
    /// `counter`, `online`, `post`; empty is any.
    pub channels: Vec<&'static str>,
    /// Who is exempt.
    pub exempt: Vec<String>,
    pub basis: Option<String>,
    /// First day.
    #[schema(value_type = Option<String>, format = Date)]
    pub from: Option<Date>,
    /// Last day.
    #[schema(value_type = Option<String>, format = Date)]
    pub until: Option<Date>,
}

/// How long a step may take.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct StageView {
    #[schema(example = "processing")]
    pub state: String,
    #[schema(example = "Đang xử lý")]
    pub name: String,
    #[schema(example = "4 giờ làm việc")]
    pub within: String,
    #[schema(value_type = TermView)]
    pub term: Term,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PaperView {
    #[schema(example = "Tờ khai cấp bản sao trích lục hộ tịch")]
    pub name: String,
    #[schema(example = 1)]
    pub originals: u32,
    #[schema(example = 0)]
    pub copies: u32,
    /// In which case, or as which part of the dossier, it is asked for.
    #[schema(example = "Trường hợp cấp lại")]
    pub case: Option<String>,
    /// The name of its form's file.
    #[schema(example = "Mẫu số 01.docx")]
    pub form: Option<String>,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct LawView {
    pub title: String,
    pub article: Option<String>,
    pub url: Option<String>,
}

impl ProcedureSummary {
    pub fn of(cx: &Cx, procedure: &Procedure) -> Self {
        let field = cx.city.get::<songhan_city::Fields>().get(&procedure.field);
        Self {
            code: procedure.code.clone(),
            name: procedure.name.clone(),
            title: procedure.title.get(cx.lang).to_owned(),
            level: procedure.level.number(),
            field: procedure.field.clone(),
            field_name: field.map_or_else(|| procedure.field.clone(), |f| f.name.get(cx.lang).to_owned()),
            online: procedure.is_open(cx.today()),
            has_fee: procedure.fees.iter().any(|fee| fee.in_force(cx.today()) && fee.highest().0 > 0),
            fee_note: procedure.fee_note.as_ref().map(|note| note.get(cx.lang).to_owned()),
            deadline: procedure.deadline_by(Channel::Online).map(|term| term_in_words(cx, term)),
            tiers: procedure.tiers(&cx.city),
            origin: if procedure.national.is_some() { "national" } else { "city" },
        }
    }
}

impl ProcedureView {
    pub fn of(cx: &Cx, procedure: &Procedure) -> Self {
        let lang = cx.lang;
        let form = procedure.form(&cx.city);
        let units = procedure.units(&cx.city);
        Self {
            summary: ProcedureSummary::of(cx, procedure),
            agency: procedure.agency.clone(),
            agency_name: agency_name(cx, procedure),
            units: units.into_iter().map(|unit| UnitView::of(unit, lang)).collect(),
            term: procedure.deadline_by(Channel::Online),
            stages: stages(cx, procedure),
            fees: procedure.fees.iter().flat_map(|fee| FeeView::of(cx, fee, form.as_deref())).collect(),
            documents: procedure
                .documents
                .iter()
                .map(|p| PaperView {
                    name: p.name.get(lang).to_owned(),
                    originals: p.originals,
                    copies: p.copies,
                    case: p.case.as_ref().map(|case| case.get(lang).to_owned()),
                    form: p.form.clone(),
                })
                .collect(),
            legal: procedure
                .legal
                .iter()
                .map(|l| LawView {
                    title: l.title.get(lang).to_owned(),
                    article: l.article.clone(),
                    url: l.url.clone(),
                })
                .collect(),
            result: procedure.result.as_ref().map(|r| r.title.get(lang).to_owned()),
            on_behalf: procedure.on_behalf.iter().map(|who| who.as_str()).collect(),
            starts: procedure.starts.iter().map(ToString::to_string).collect(),
            source: procedure.source.as_ref().map(|source| source.get(lang).to_owned()),
            guidance: procedure.page(lang).markdown.clone(),
            guidance_lang: procedure.page_lang(lang),
            form: form.map(|form| form.json_schema(lang)),
            applicants: procedure.applicants.clone(),
            national: procedure.national.as_deref().map(|national| NationalView::of(cx, national)),
            version: procedure.version.clone(),
        }
    }
}

impl UnitView {
    pub fn of(unit: &songhan_city::Unit, lang: Lang) -> Self {
        Self {
            code: unit.code.to_string(),
            name: unit.name.get(lang).to_owned(),
            address: unit.address.as_ref().map(|a| a.get(lang).to_owned()),
        }
    }
}

impl FeeView {
    /// One line, or one for each answer that it follows.
    fn of(cx: &Cx, fee: &Fee, form: Option<&songhan_forms::Form>) -> Vec<Self> {
        let lang = cx.lang;
        let line = |amount: songhan_base::Money, case: Option<String>| {
            let online = fee.online_percent.as_ref().map(|percent| amount.0 * i64::from(**percent) / 100);
            let groups = cx.city.get::<Exemptions>();
            Self {
                id: fee.id.to_string(),
                name: fee.name.get(lang).to_owned(),
                amount: amount.0,
                online_amount: online.filter(|online| *online < amount.0),
                per: fee.per.as_str(),
                tiers: fee.tiers.iter().map(|tier| TierView { from: tier.from, amount: tier.amount.0 }).collect(),
                max: fee.max.map(|max| max.0),
                case,
                channels: fee.channels.iter().map(|channel| channel.as_str()).collect(),
                exempt: fee
                    .exempt
                    .iter()
                    .filter_map(|id| groups.get(id))
                    .map(|group| group.name.get(lang).to_owned())
                    .collect(),
                basis: fee.basis.as_ref().map(|b| b.get(lang).to_owned()),
                from: fee.from,
                until: fee.until,
            }
        };
        let Some(amounts) = &fee.amounts else {
            return fee.amount.map(|amount| line(amount, None)).into_iter().collect();
        };
        let question = form.and_then(|form| form.question(&amounts.question));
        let by_option = question.iter().flat_map(|question| &question.options).filter_map(|option| {
            let amount = amounts.by.get(&option.value)?;
            Some(line(*amount, Some(option.label.get(lang).to_owned())))
        });
        by_option.collect()
    }
}

fn stages(cx: &Cx, procedure: &Procedure) -> Vec<StageView> {
    let workflow = cx.city.get::<songhan_cases::Workflows>().get(&procedure.workflow);
    let name = |id: &str| workflow.and_then(|w| w.state(id)).map_or(id, |state| state.name.get(cx.lang)).to_owned();
    let view = |stage: &crate::procedure::Stage| StageView {
        state: stage.state.to_string(),
        name: name(&stage.state),
        within: term_in_words(cx, stage.within),
        term: stage.within,
    };
    procedure.stages.iter().map(view).collect()
}

/// "1 ngày làm việc", "8 giờ làm việc", "15 ngày", "2 tháng".
pub fn term_in_words(cx: &Cx, term: Term) -> String {
    let one = if term.amount == 1 { "-one" } else { "" };
    let key = format!("services-term-{}{one}", term.unit.as_str().replace('_', "-"));
    cx.text(cx.lang, &key, &[("amount", &term.amount.to_string())])
}

/// The unit's name, or the kind in words.
pub fn agency_name(cx: &Cx, procedure: &Procedure) -> String {
    let published = procedure.national.as_ref().map(|national| national.reading.agency.as_str());
    if let Some(name) = published.filter(|name| !name.is_empty()) {
        return name.to_owned();
    }
    match cx.city.agencies().get(&procedure.agency) {
        Some(unit) => unit.name.get(cx.lang).to_owned(),
        None if procedure.agency.is_empty() => cx.t("services-agency-unknown"),
        None => cx.t(&format!("services-agency-{}", procedure.agency)),
    }
}
