"""How a doctor stands with the patients so far: counted figures, open to everybody."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from doctors.models import Clinician


class Standing(models.Model):
    """What was counted about a doctor. `services.recount` can make every row anew at any time."""

    doctor = models.OneToOneField(Clinician, models.CASCADE, related_name="standing")
    visits = models.PositiveIntegerField(default=0)  # attended, ever
    stars_1 = models.PositiveIntegerField(default=0)
    stars_2 = models.PositiveIntegerField(default=0)
    stars_3 = models.PositiveIntegerField(default=0)
    stars_4 = models.PositiveIntegerField(default=0)
    stars_5 = models.PositiveIntegerField(default=0)
    replies = models.PositiveIntegerField(default=0)  # first replies, in the last months
    reply_minutes = models.PositiveIntegerField(null=True)  # their median, after payment
    counted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("医生的公开数据")
        verbose_name_plural = _("医生的公开数据")
        constraints = [
            models.CheckConstraint(
                name="standing_rated_at_most_once_a_visit",
                condition=Q(
                    visits__gte=F("stars_1")
                    + F("stars_2")
                    + F("stars_3")
                    + F("stars_4")
                    + F("stars_5")
                ),
            ),
            models.CheckConstraint(
                name="standing_median_of_some",
                condition=Q(replies=0, reply_minutes__isnull=True)
                | Q(replies__gte=1, reply_minutes__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.visits}"

    @property
    def by_stars(self) -> list[tuple[int, int]]:
        """How many gave how many stars, the best first."""
        return [(n, getattr(self, f"stars_{n}")) for n in range(5, 0, -1)]

    @property
    def ratings(self) -> int:
        return sum(count for _stars, count in self.by_stars)

    @property
    def stars(self) -> float | None:
        """The mean; None while nobody has rated."""
        counts = self.by_stars
        return sum(n * count for n, count in counts) / self.ratings if self.ratings else None
