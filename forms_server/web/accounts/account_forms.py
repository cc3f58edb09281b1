"""Forms of accounts and sign-in."""

from wtforms import Form, HiddenField, PasswordField, SelectField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from forms_server.accounts.account_names import MAX_LENGTH as MAX_NAME
from forms_server.accounts.password_strength import MAX_LENGTH as MAX_PASSWORD
from forms_server.accounts.password_strength import MIN_LENGTH as MIN_PASSWORD

PERSON = "person-name"
"""The field in which a form that is sent by an account without a name brings it along."""


def _asked(sentence: str) -> InputRequired:
    return InputRequired(message=sentence)


class SignInForm(Form):
    """Name and password."""

    name = StringField(
        "账号",
        [_asked("请填写账号")],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField("密码", [_asked("请填写密码")], render_kw={"autocomplete": "current-password"})
    next = HiddenField()


class CodeForm(Form):
    """The second factor, after the password."""

    code = StringField(
        "动态码",
        [_asked("请填写动态码")],
        description="手机上动态码软件里现在的六位数字；手机不在身边的，填写一个纸上的恢复码。",
        render_kw={
            "autocomplete": "one-time-code",
            "inputmode": "text",
            "maxlength": 20,
            "spellcheck": "false",
        },
    )
    token = HiddenField()
    next = HiddenField()


class FirstCodeForm(Form):
    """The first code of a telephone that has read the secret."""

    code = StringField(
        "手机上的动态码",
        [_asked("请填写动态码")],
        description="软件里现在显示的六位数字。",
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 10},
    )


class PasswordAgainForm(Form):
    """The password again, before sessions are ended."""

    current_password = PasswordField(
        "现在的密码", [_asked("请填写现在的密码")], render_kw={"autocomplete": "current-password"}
    )


class FactorChangeForm(PasswordAgainForm):
    """Password and code again, before recovery codes are replaced or the second factor is removed."""

    code = StringField(
        "动态码或恢复码",
        [_asked("请填写动态码")],
        render_kw={"autocomplete": "one-time-code", "maxlength": 20, "spellcheck": "false"},
    )


class NameForm(Form):
    """Who the account is."""

    display_name = StringField(
        "姓名",
        description="写本人姓名：登记问题时是排查人，签字报送时是签字人。",
        render_kw={"autocomplete": "name", "maxlength": MAX_NAME},
    )
    next = HiddenField()


class PasswordForm(NameForm):
    """The password of now, and the new one twice; and who it is, which slips with first passwords do not know."""

    current_password = PasswordField(
        "现在的密码", [_asked("请填写现在的密码")], render_kw={"autocomplete": "current-password"}
    )
    new_password = PasswordField(
        "新密码",
        [_asked("请填写新密码")],
        description=f"至少 {MIN_PASSWORD} 个字符，不要用地名、单位名、人名、年份、号码或常见的密码；"
        "几个不相干的词连起来就好。",
        render_kw={"autocomplete": "new-password", "maxlength": MAX_PASSWORD},
    )
    again_password = PasswordField(
        "再输一次新密码",
        [_asked("请再输一次新密码"), EqualTo("new_password", message="两次输入的新密码不一样，请重输")],
        render_kw={"autocomplete": "new-password", "maxlength": MAX_PASSWORD},
    )


class MoveForm(Form):
    """Where an account is moved."""

    unit = SelectField("调去的单位", [_asked("请选择单位")], validate_choice=False)
    village = StringField(
        "村（居）",
        description="只有村级填报员需要填：填了就只能填报这一个村。写村名或十二位代码。",
        render_kw={"autocomplete": "off"},
    )


class AccountForm(Form):
    """A new account."""

    name = StringField(
        "账号",
        [_asked("请填写账号"), Length(max=MAX_NAME, message=f"账号不超过 {MAX_NAME} 个字符")],
        description="登录时输入的名字，可用汉字、拼音或数字。",
        render_kw={"autocomplete": "off", "autocapitalize": "none", "maxlength": MAX_NAME},
    )
    display_name = StringField(
        "姓名",
        [Length(max=MAX_NAME, message=f"姓名不超过 {MAX_NAME} 个字符")],
        description="这个账号由谁用；不知道的可以不填，本人第一次填报时会问。",
        render_kw={"autocomplete": "off", "maxlength": MAX_NAME},
    )
    unit = SelectField("单位", [_asked("请选择单位")], validate_choice=False)
    role = SelectField("角色", [_asked("请选择角色")], validate_choice=False)
    village = StringField(
        "村（居）",
        description="只有村级填报员需要填：填了就只能填报这一个村。写村名或十二位代码。",
        render_kw={"autocomplete": "off"},
    )
