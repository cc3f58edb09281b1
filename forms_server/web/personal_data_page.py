"""个人信息说明: what is held about persons, why, who reads it and how long; for everyone."""

from flask import Blueprint, render_template

from forms_server.web.current_services import services

blueprint = Blueprint("personal_data", __name__)


@blueprint.get("/personal-data")
def index() -> str:
    """Show what the campaign's ``personal_data.yml`` says, and until when data are kept."""
    campaign = services().campaign
    until = campaign.personal_data.kept_until(campaign.notice.deadline.at.date())
    return render_template("personal_data.html", held=campaign.personal_data, until=until)
