"""What can be wrong with units, people, posts and signing in."""

from __future__ import annotations

from zhenggai.kit.errors import BadInput, Conflict, NotAllowed


class WrongCredentials(BadInput):
    """Name and password do not belong together; the same answer for an unknown name."""

    code = "people.WrongCredentials"
    status = 401
    what = "用户名或密码不正确。"
    where = "登录"
    todo = "请重新输入；同一用户名连续失败 %(limit)s 次将锁定 %(minutes)s 分钟，忘记密码请联系系统管理员重置。"


class NameLocked(Conflict):
    """Too many failures for one name, whether or not it exists."""

    code = "people.NameLocked"
    status = 423
    what = "该用户名连续登录失败次数过多，已暂时锁定。"
    where = "登录"
    todo = "请 %(minutes)s 分钟后再试，或联系安全管理员解锁。"


class AddressBlocked(Conflict):
    """Too many failures from one network address."""

    code = "people.AddressBlocked"
    status = 429
    what = "来自您所在网络地址的登录失败次数过多，已暂停受理。"
    where = "登录"
    todo = "请 %(minutes)s 分钟后再试；若非本人所为，请告知安全管理员。"


class WeakPassword(BadInput):
    """A password that does not meet the rules."""

    code = "people.WeakPassword"
    what = "新密码不符合要求：%(reason)s。"
    where = "新密码"
    todo = "请换一个至少 %(length)s 位，并含大写字母、小写字母、数字、符号中至少三种的密码。"


class WrongPassword(BadInput):
    """The present password, asked for before changing it, is wrong."""

    code = "people.WrongPassword"
    what = "当前密码不正确。"
    where = "当前密码"
    todo = "请重新输入当前密码；连续输错 %(limit)s 次将结束本次会话并锁定用户名。"


class TooManyGuesses(Conflict):
    """The present password was typed wrong once too often."""

    code = "people.TooManyGuesses"
    status = 423
    what = "当前密码连续输错次数过多，本次会话已结束，用户名已暂时锁定。"
    where = "当前密码"
    todo = "请 %(minutes)s 分钟后重新登录，或联系安全管理员解锁；若非本人操作，请告知安全管理员。"


class BadUsername(BadInput):
    """A name to sign in with that cannot be used."""

    code = "people.BadUsername"
    what = "用户名“%(value)s”不能使用：%(reason)s。"
    where = "用户名"
    todo = "请用 2 至 60 个字母、数字、点、下划线或短横，且不与他人重复。"


class BadName(BadInput):
    """A person's or unit's name that is empty, too long or taken."""

    code = "people.BadName"
    what = "名称“%(value)s”不能使用：%(reason)s。"
    where = "名称"
    todo = "请填写 1 至 %(longest)s 个字，同一上级之下不得重名。"


class UnitDoesNotFit(Conflict):
    """A unit of this kind cannot stand there."""

    code = "people.UnitDoesNotFit"
    what = "%(kind)s不能设在“%(parent)s”之下。"
    where = "单位：%(unit)s"
    todo = "请选择合适的上级：内设机构设在单位或基层单位之下，基层单位设在单位之下，且不能移到自身之下。"


class UnitInUse(Conflict):
    """A unit cannot be closed while it has open units or current posts."""

    code = "people.UnitInUse"
    what = "“%(unit)s”还有 %(children)s 个下级单位和 %(posts)s 个在任岗位，不能撤销。"
    where = "单位：%(unit)s"
    todo = "请先撤销下级单位、终止岗位，再撤销本单位。"


class RoleUnknown(BadInput):
    """There is no such role."""

    code = "people.RoleUnknown"
    what = "没有“%(role)s”这一角色。"
    where = "角色"
    todo = "请从权限矩阵所列的角色中选择。"


class RoleDoesNotFit(Conflict):
    """The role cannot be held in a unit of this kind."""

    code = "people.RoleDoesNotFit"
    what = "“%(role)s”不能设在“%(unit)s”。"
    where = "单位：%(unit)s"
    todo = "请为该角色选择合适的单位。"


class OfficersKeptApart(Conflict):
    """The three officers hold no other role, neither each other's nor a business one."""

    code = "people.OfficersKeptApart"
    what = "三员分立：%(name)s 已任“%(held)s”，不能再任“%(role)s”。"
    where = "人员：%(name)s"
    todo = "系统管理员、安全管理员、安全审计员须由三人分别担任，且不得兼任业务岗位；请另选人员，或先终止原岗位。"


class AlreadyHeld(Conflict):
    """The person already holds this post."""

    code = "people.AlreadyHeld"
    what = "%(name)s 已在“%(unit)s”任“%(role)s”。"
    where = "人员：%(name)s"
    todo = "无需重复授予。"


class LastOfficer(Conflict):
    """The last one of the three officers' kind cannot go: nobody could do the work or appoint another."""

    code = "people.LastOfficer"
    what = "%(name)s 是唯一的%(role)s，不能终止该岗位或停用账号。"
    where = "人员：%(name)s"
    todo = "请先任命另一人为%(role)s。"


class OfficerPassword(NotAllowed):
    """The system administrator may not reset the password of another officer and so become them."""

    code = "people.OfficerPassword"
    what = "不能在页面上重置%(role)s的密码：否则系统管理员可借此冒用其账号。"
    where = "人员：%(name)s"
    todo = "请由运维人员会同本人在服务器上运行 zhenggai people reset-password 重置，该操作会记入日志。"


class NotOneself(Conflict):
    """Something one cannot do to oneself."""

    code = "people.NotOneself"
    what = "不能对自己的账号执行此操作。"
    where = "人员：%(name)s"
    todo = "请由另一位管理员办理。"


class NoCharges(Conflict):
    """Only leaders' posts name what they are in charge of."""

    code = "people.NoCharges"
    what = "“%(role)s”岗位没有分管范围。"
    where = "人员：%(name)s"
    todo = "只有分管领导和巡察办岗位可以设置分管范围。"


class PostEnded(Conflict):
    """The post has ended, or the person or unit is no longer active."""

    code = "people.PostEnded"
    what = "“%(label)s”已停用、已撤销或已终止。"
    where = "%(label)s"
    todo = "请刷新页面，选择仍在用的人员、单位或岗位。"


class BadEmail(BadInput):
    """Something that is no mail address."""

    code = "people.BadEmail"
    what = "“%(value)s”不是邮箱地址。"
    where = "邮箱"
    todo = "请写成 name@example.cn 的样子，或留空不填。"


class DeputyDoesNotFit(Conflict):
    """This person cannot act for that one, or not in those days."""

    code = "people.DeputyDoesNotFit"
    what = "不能这样指定代理（%(name)s）：%(reason)s。"
    where = "代理"
    todo = "请另选代理人或改正起止日期；代理人须在同一单位系统任职，且本人在岗。"


class DeputyEnded(Conflict):
    """The appointment has ended already."""

    code = "people.DeputyEnded"
    what = "%(name)s对%(principal)s的代理已经结束。"
    where = "代理"
    todo = "请刷新页面查看当前代理。"
