"""E05: what may never be prescribed online, whoever signs."""

from collections.abc import Iterator

from hospital.kernel.rules import Verdict, block, rule
from prescriptions.rules.facts import Proposal


@rule(
    id="RX-CONTROLLED",
    register="E05",
    source="互联网诊疗管理办法(试行) 第十九条；互联网医院管理办法(试行) 第二十条",
    says="麻醉药品、精神药品、医疗用毒性药品、放射性药品、药品类易制毒化学品不得在线上开具。",
    says_en="Narcotic, psychotropic, toxic, radioactive and precursor drugs are never online.",
    todo="请改用其他药品，或引导患者到线下门诊。",
)
def no_controlled_drugs(p: Proposal) -> Iterator[Verdict]:
    for item in p.items:
        medicine = item.medicine
        if medicine.is_controlled(p.today):
            since = medicine.controlled_since and medicine.controlled_since.isoformat()
            seen = {"drug": medicine.name, "class": medicine.control_class, "since": since}
            yield block(item.index, evidence=seen)


RULES = (no_controlled_drugs,)
