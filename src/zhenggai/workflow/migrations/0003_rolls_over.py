from django.db import migrations


def keep_rule(apps, schema_editor):
    """Write beside each round whether its rules let deadlines run on over days off."""
    Course = apps.get_model('workflow', 'Course')
    strict = [
        course.round_id
        for course in Course.objects.exclude(profile=None).select_related('profile')
        if course.profile.values.get('roll_over_holidays') is False
    ]
    apps.get_model('findings', 'InspectionRound').objects.filter(pk__in=strict).update(rolls_over=False)


class Migration(migrations.Migration):

    dependencies = [
        ('findings', '0008_rolls_over'),
        ('workflow', '0002_conditions'),
    ]

    operations = [
        migrations.RunPython(keep_rule, migrations.RunPython.noop),
    ]
