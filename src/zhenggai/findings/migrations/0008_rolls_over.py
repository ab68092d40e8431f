from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('findings', '0007_stage'),
    ]

    operations = [
        migrations.AddField(
            model_name='inspectionround',
            name='rolls_over',
            field=models.BooleanField(default=True),
        ),
    ]
