"""The explicit list of all rules, in the order of their numbers; a rule not listed does not run."""

from scribe.coding.rule import Rule
from scribe.coding.rules.adverse_effect import DRUG
from scribe.coding.rules.after_surgery import POSTOP
from scribe.coding.rules.age_query import AGE_QUERY
from scribe.coding.rules.age_related import AGE_RELATED
from scribe.coding.rules.cancer_fatigue import CANCER_FATIGUE
from scribe.coding.rules.cause_query import CAUSE_QUERY
from scribe.coding.rules.claim_pairs import INTEGRAL_SYMPTOM, SEQ_SERVICE
from scribe.coding.rules.code_order import CODE_FIRST
from scribe.coding.rules.coded_diseases import NEGATED_CODED, UNCERTAIN_CODED
from scribe.coding.rules.completeness import DENIAL_RISK, DOC_CONTRADICT, DOC_INSUFFICIENT
from scribe.coding.rules.debility import (
    DEBILITY_ONLY,
    DECONDITIONING,
    WITH_FATIGUE,
    WITH_MALAISE,
)
from scribe.coding.rules.documentation import DOC_UNSUPPORTED
from scribe.coding.rules.excludes1 import EX1_M6281, EX1_M6284, EX1_R54, EXCLUDES1
from scribe.coding.rules.fatigue import FATIGUE_CHRONIC, FATIGUE_ONLY
from scribe.coding.rules.laterality import LATERALITY_CONFLICT
from scribe.coding.rules.localized import LOCALIZED
from scribe.coding.rules.motor_neuron import ALS
from scribe.coding.rules.neighbours import FACIAL, FUNC_QUAD, MUSCLE_TERM, SARCOPENIA
from scribe.coding.rules.neuromuscular import (
    BRAIN_LESION,
    CIM,
    DYSTROPHY,
    FUNCTIONAL,
    GBS,
    MS,
    MYASTHENIA,
    MYOPATHY,
    NEURO_OTHER,
    NEUROPATHY,
    PARKINSON,
    RADICULOPATHY,
    SPINAL_CORD,
)
from scribe.coding.rules.post_covid import POSTCOVID
from scribe.coding.rules.pregnancy import PREGNANCY
from scribe.coding.rules.profiles import (
    PROFILE_GERI,
    PROFILE_NEURO,
    PROFILE_ONC,
    PROFILE_PCP,
    PROFILE_PT,
)
from scribe.coding.rules.red_flags import (
    REDFLAG_REFER,
    REDFLAG_STROKE,
    REDFLAG_SUDDEN,
    REDFLAG_WEIGHTLOSS,
)
from scribe.coding.rules.sequence import SECONDARY_SYMPTOM, SEQ_PRIMARY
from scribe.coding.rules.specificity import LOW_SPECIFICITY, UNSPECIFIED_SIDE
from scribe.coding.rules.stroke import STROKE_GENERALIZED, STROKE_NO_DEFICIT, STROKE_SEQUELA
from scribe.coding.rules.stroke_acute import ACUTE_FOR_OLD, STROKE_ACUTE
from scribe.coding.rules.systemic import (
    ANEMIA,
    CANCER_WEAKNESS,
    CKD,
    DIABETES,
    ELECTROLYTE,
    INFECTION,
    MALNUTRITION,
    SYSTEMIC_OTHER,
    THYROID,
)
from scribe.coding.rules.validity import (
    CODE_DATE,
    CODE_FORMAT,
    CODE_NONBILLABLE,
    CODE_UNKNOWN,
    DUPLICATE,
    TABLE_STALE,
)

RULES: tuple[Rule, ...] = (
    CODE_FORMAT,
    CODE_UNKNOWN,
    CODE_DATE,
    CODE_NONBILLABLE,
    TABLE_STALE,
    DUPLICATE,
    EXCLUDES1,
    CODE_FIRST,
    LOW_SPECIFICITY,
    UNSPECIFIED_SIDE,
    LATERALITY_CONFLICT,
    UNCERTAIN_CODED,
    NEGATED_CODED,
    INTEGRAL_SYMPTOM,
    SEQ_SERVICE,
    EX1_M6281,
    EX1_R54,
    EX1_M6284,
    MUSCLE_TERM,
    LOCALIZED,
    FACIAL,
    FATIGUE_ONLY,
    FATIGUE_CHRONIC,
    DEBILITY_ONLY,
    DECONDITIONING,
    WITH_FATIGUE,
    WITH_MALAISE,
    AGE_RELATED,
    AGE_QUERY,
    SARCOPENIA,
    FUNC_QUAD,
    STROKE_ACUTE,
    STROKE_SEQUELA,
    STROKE_GENERALIZED,
    STROKE_NO_DEFICIT,
    ACUTE_FOR_OLD,
    ALS,
    MS,
    GBS,
    MYASTHENIA,
    DYSTROPHY,
    MYOPATHY,
    CIM,
    PARKINSON,
    NEUROPATHY,
    RADICULOPATHY,
    SPINAL_CORD,
    BRAIN_LESION,
    NEURO_OTHER,
    FUNCTIONAL,
    CAUSE_QUERY,
    ANEMIA,
    CKD,
    MALNUTRITION,
    THYROID,
    DIABETES,
    ELECTROLYTE,
    INFECTION,
    POSTCOVID,
    DRUG,
    CANCER_FATIGUE,
    CANCER_WEAKNESS,
    SYSTEMIC_OTHER,
    PREGNANCY,
    SEQ_PRIMARY,
    SECONDARY_SYMPTOM,
    POSTOP,
    DOC_UNSUPPORTED,
    DOC_INSUFFICIENT,
    DOC_CONTRADICT,
    DENIAL_RISK,
    REDFLAG_STROKE,
    REDFLAG_SUDDEN,
    REDFLAG_WEIGHTLOSS,
    REDFLAG_REFER,
    PROFILE_PCP,
    PROFILE_NEURO,
    PROFILE_PT,
    PROFILE_GERI,
    PROFILE_ONC,
)
